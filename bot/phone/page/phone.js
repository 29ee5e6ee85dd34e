// The phones: what the people see and do. The server streams every change; nothing is kept here but the screen.

import { startClock, setClock } from "./clock.js";
import { bubble, dayOf, node } from "./nodes.js";
import { recorder } from "./voice.js";

const LANGUAGES = new Intl.DisplayNames(["nl"], { type: "language" });
const NEAR_THE_END = 120; // pixels within which a reader wants to follow new messages
const TOAST_MS = 4000;
const TYPING_MS = 5000; // Telegram shows an action this long
const phones = new Map();
const main = document.querySelector("main");
const switcher = document.querySelector("nav.switcher");

async function post(path, body, type = "application/json") {
  const content = type === "application/json" ? JSON.stringify(body ?? {}) : body;
  const response = await fetch(`/phone/api/${path}`, { method: "POST", headers: { "Content-Type": type }, body: content });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

class Phone {
  constructor(state, tone) {
    this.id = state.user_id;
    this.section = document.querySelector("#phone").content.cloneNode(true).querySelector("section");
    this.section.dataset.user = this.id;
    this.section.setAttribute("aria-label", `Telefoon van ${state.name}`);
    this.find(".avatar").textContent = [...state.name][0];
    this.find(".avatar").classList.add(`tone-${tone % 5}`);
    this.find("h2").textContent = state.name;
    this.log = this.find(".log");
    this.log.setAttribute("aria-label", `Gesprek van ${state.name} met de bot`);
    this.text = this.find("textarea");
    this.text.setAttribute("aria-label", `Bericht van ${state.name}`);
    this.tab = node("button", { type: "button", "data-show": this.id }, state.name, node("span", { class: "unread", hidden: true }));
    this.unread = 0;
    this.listen();
    this.follow();
    main.append(this.section);
    switcher.append(this.tab);
  }

  find(selector) {
    return this.section.querySelector(selector);
  }

  // Drawing.

  draw(state) {
    const fresh = state.since === 0;
    const following = this.following;
    if (fresh) this.log.replaceChildren();
    this.drawHead(state);
    for (const id of state.deleted) this.message(id)?.remove();
    for (const message of state.messages) this.put(message, fresh);
    this.drawDays();
    this.drawEmpty(state);
    this.drawBelow(state);
    if (!fresh) for (const toast of state.toasts) this.toast(toast);
    for (const busy of this.section.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
    if (following || fresh) this.toEnd();
  }

  // A picture or a font that arrives later must not push the end out of sight.
  follow() {
    this.following = true;
    this.log.addEventListener("scroll", () => {
      this.following = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_THE_END;
    });
    this.sizes = new ResizeObserver(() => this.following && this.toEnd());
    this.sizes.observe(this.log);
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.following = true;
  }

  drawHead(state) {
    const language = LANGUAGES.of(state.language);
    const role = [state.role, language].filter(Boolean).join(" · ");
    this.find(".role").textContent = state.action ? "De bot is aan het typen…" : role;
    this.section.dataset.state = state.state;
    clearTimeout(this.typing);
    if (state.action) this.typing = setTimeout(() => (this.find(".role").textContent = role), TYPING_MS);
  }

  message(id) {
    return this.log.querySelector(`[data-message-id="${id}"]`);
  }

  put(message, fresh) {
    const drawn = bubble(message);
    this.sizes.observe(drawn);
    const old = this.message(message.message_id);
    if (old) return this.swap(old, drawn);
    if (!fresh) drawn.classList.add("new");
    this.log.append(drawn);
    if (!fresh && message.from === "bot") this.count(this.unread + 1);
    return drawn;
  }

  // An edit in place keeps the keyboard where it was.
  swap(old, drawn) {
    const place = [...old.querySelectorAll(".rows > .row > *")].indexOf(document.activeElement);
    old.replaceWith(drawn);
    if (place < 0) return;
    const buttons = drawn.querySelectorAll(".rows > .row > *");
    (buttons[Math.min(place, buttons.length - 1)] ?? this.log).focus({ preventScroll: true });
  }

  drawDays() {
    for (const mark of this.log.querySelectorAll(".day")) mark.remove();
    let last = "";
    for (const message of this.log.querySelectorAll(".message")) {
      const current = dayOf(message.dataset.date);
      if (current !== last) message.before(node("p", { class: "day" }, current));
      last = current;
    }
  }

  drawEmpty(state) {
    this.find(".empty")?.remove();
    if (this.log.querySelector(".message")) return;
    const words = state.description || "Nog geen berichten. Tik op Start.";
    this.log.append(node("div", { class: "empty" }, node("strong", {}, state.bot), node("p", { dir: "auto" }, words)));
  }

  drawBelow(state) {
    this.find(".starting").hidden = state.state !== "new";
    this.find(".blocked").hidden = state.state !== "blocked";
    this.find(".composer").hidden = !["open"].includes(state.state);
    this.find('[data-do="block"]').hidden = state.state === "blocked";
    this.find('.sheet [data-do="unblock"]').hidden = state.state !== "blocked";
    const menu = this.find(".commands");
    menu.replaceChildren(...state.commands.map(({ command, description }) =>
      node("button", { type: "button", "data-command": `/${command}` },
        node("span", { dir: "auto" }, description), node("code", { dir: "ltr" }, `/${command}`))));
    this.find('[data-do="menu"]').hidden = state.commands.length === 0;
    const keys = this.find(".reply-keyboard");
    keys.hidden = state.keyboard.length === 0;
    keys.replaceChildren(...state.keyboard.map((row) =>
      node("div", { class: "row" }, ...row.map((label) => node("button", { type: "button", "data-say": label, dir: "auto" }, label)))));
  }

  toast({ text, alert }) {
    const drawn = node("div", { class: alert ? "toast alert" : "toast", dir: "auto" }, text);
    this.find(".toasts").append(drawn);
    if (!alert) return void setTimeout(() => drawn.remove(), TOAST_MS);
    const close = node("button", { type: "button" }, "OK");
    close.addEventListener("click", () => drawn.remove());
    drawn.append(close);
    close.focus({ preventScroll: true });
  }

  count(unread) {
    const mark = this.tab.querySelector(".unread");
    this.unread = this.section.classList.contains("shown") ? 0 : unread;
    mark.hidden = this.unread === 0;
    mark.textContent = `${this.unread}`;
    mark.setAttribute("aria-label", `${this.unread} nieuw`);
  }

  show() {
    for (const phone of phones.values()) {
      const chosen = phone === this;
      phone.section.classList.toggle("shown", chosen);
      phone.tab.setAttribute("aria-current", chosen ? "true" : "false");
    }
    this.count(0);
    this.toEnd();
  }

  // Doing.

  async act(what, body, type) {
    try {
      await post(`phones/${this.id}/${what}`, body, type);
    } catch (error) {
      this.toast({ text: `Dat lukte niet: ${error.message}`, alert: false });
    }
    this.toEnd();
  }

  listen() {
    this.section.addEventListener("click", (event) => this.clicked(event));
    this.tab.addEventListener("click", () => this.show());
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.find("form.link").addEventListener("submit", (event) => this.openPayload(event));
    this.find('[name="photo"]').addEventListener("change", (event) => this.sendFile(event.target, "photo"));
    this.find('[name="voice"]').addEventListener("change", (event) => this.sendFile(event.target, "voice?seconds=1"));
    this.section.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closeSheets();
    });
    this.record = recorder(this.find('[data-do="voice"]'), this.find('[name="voice"]'), (sound, seconds) =>
      this.act(`voice?seconds=${seconds}`, sound, sound.type.split(";")[0]));
  }

  clicked(event) {
    const target = event.target.closest("button, a, summary");
    if (!target) return;
    const { callback, command, say, url, do: what } = target.dataset;
    if (callback !== undefined) this.tap(target, callback);
    else if (command !== undefined) this.say(command);
    else if (say !== undefined) this.say(say);
    else if (target.classList.contains("spoiler")) reveal(target);
    else if (target.matches("a[href]") && this.isOwnLink(url ?? target.href)) this.openOwnLink(event, url ?? target.href);
    else if (what === "menu") this.toggleMenu();
    else if (what === "voice") this.record();
    else if (["start", "block", "unblock", "contact", "location", "sticker"].includes(what)) this.press(what);
  }

  tap(button, data) {
    const message_id = Number(button.closest("[data-message-id]").dataset.messageId);
    button.setAttribute("aria-busy", "true");
    this.act("tap_data", { message_id, data });
  }

  say(text) {
    this.closeSheets();
    this.act("write", { text });
  }

  send() {
    const text = this.text.value.trim();
    if (!text) return;
    this.text.value = "";
    this.typed();
    this.say(text);
  }

  press(what) {
    this.closeSheets();
    this.act(what, {});
    if (what === "start" || what === "unblock") this.log.focus({ preventScroll: true });
  }

  isOwnLink(address) {
    const found = /^https:\/\/t\.me\/(\w+)(?:\?start=([\w-]*))?$/.exec(address);
    return found && found[1] === this.section.dataset.bot ? found : null;
  }

  openOwnLink(event, address) {
    event.preventDefault();
    this.act("start", { payload: this.isOwnLink(address)[2] ?? "" });
  }

  openPayload(event) {
    event.preventDefault();
    const field = event.target.elements.payload;
    const payload = field.value.trim().replace(/^.*[?&]start=/, "");
    field.value = "";
    this.closeSheets();
    this.act("start", { payload });
  }

  sendFile(input, what) {
    const [file] = input.files;
    if (file) this.act(what, file, file.type || "application/octet-stream");
    input.value = "";
  }

  typed() {
    const empty = this.text.value.trim() === "";
    this.find('[data-do="send"]').hidden = empty;
    this.find('[data-do="voice"]').hidden = !empty;
    this.text.rows = Math.min(this.text.value.split("\n").length, 5);
  }

  toggleMenu() {
    const menu = this.find(".commands");
    menu.hidden = !menu.hidden;
    this.find('[data-do="menu"]').setAttribute("aria-expanded", String(!menu.hidden));
    if (!menu.hidden) menu.querySelector("button")?.focus();
  }

  closeSheets() {
    this.find(".more").open = false;
    this.find(".commands").hidden = true;
    this.find('[data-do="menu"]').setAttribute("aria-expanded", "false");
  }
}

function reveal(spoiler) {
  spoiler.classList.add("open");
  spoiler.removeAttribute("aria-label");
}

function onPhone(state) {
  if (!phones.has(state.user_id)) {
    phones.set(state.user_id, new Phone(state, phones.size));
    if (phones.size === 1) phones.get(state.user_id).show();
  }
  const phone = phones.get(state.user_id);
  phone.section.dataset.bot = state.username;
  phone.draw(state);
}

function listen() {
  const offline = document.querySelector(".offline");
  const stream = new EventSource("/phone/api/events");
  stream.addEventListener("open", () => (offline.hidden = true));
  stream.addEventListener("error", () => (offline.hidden = false));
  stream.addEventListener("phone", (event) => onPhone(JSON.parse(event.data)));
  stream.addEventListener("clock", (event) => setClock(JSON.parse(event.data)));
}

document.addEventListener("click", (event) => {
  for (const phone of phones.values()) if (!phone.section.contains(event.target)) phone.closeSheets();
});
startClock(post);
listen();
