// From messages to nodes. Text of others only ever becomes a text node.

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const ZONE = "Europe/Brussels";
const hour = new Intl.DateTimeFormat("nl-BE", { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
const day = new Intl.DateTimeFormat("nl-BE", { weekday: "long", day: "numeric", month: "long", timeZone: ZONE });

export function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export const dayOf = (seconds) => day.format(new Date(seconds * 1000));

// Entities count in UTF-16 units, as strings do here, and nest properly.
export function formatted(text, entities, from = 0, to = text.length) {
  const out = [];
  let at = from;
  const rest = [...entities];
  while (rest.length) {
    const entity = rest.shift();
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at) continue;
    const inner = rest.filter((other) => other.offset < end);
    rest.splice(0, inner.length);
    out.push(text.slice(at, entity.offset));
    const shown = text.slice(entity.offset, end);
    out.push(wrapped(entity, shown, formatted(text, inner, entity.offset, end)));
    at = end;
  }
  out.push(text.slice(at, to));
  return out.filter((part) => part !== "");
}

function wrapped(entity, shown, children) {
  if (entity.type === "text_link" || entity.type === "url") return link(entity.url ?? shown, children);
  if (entity.type === "bot_command") {
    return node("button", { type: "button", class: "command", dir: "ltr", "data-command": shown }, ...children);
  }
  if (entity.type === "spoiler") {
    return node("button", { type: "button", class: "spoiler", "aria-label": "Verborgen tekst, tik om te tonen" }, ...children);
  }
  return node(TAGS[entity.type] ?? "span", {}, ...children);
}

function link(address, children) {
  if (!/^(https?:|mailto:|tel:)/i.test(address)) return node("span", {}, ...children);
  return node("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

const fileAt = (id) => `/phone/api/files/${encodeURIComponent(id)}`;

function kilobytes(size) {
  return size < 1024 ? `${size} B` : size < 2 ** 20 ? `${Math.round(size / 1024)} kB` : `${(size / 2 ** 20).toFixed(1)} MB`;
}

const MEDIA = {
  photo: (message) => node("img", { src: fileAt(message.file.id), alt: message.text || "Foto", loading: "lazy" }),
  voice: (message) => node("audio", { src: fileAt(message.file.id), controls: true, preload: "metadata", "aria-label": "Spraakbericht" }),
  audio: (message) => MEDIA.voice(message),
  document: (message) =>
    node("a", { class: "document", href: fileAt(message.file.id), download: message.file.name },
      node("span", { class: "sheet-icon", "aria-hidden": "true" }),
      node("span", { class: "file-name", dir: "auto" }, message.file.name),
      node("span", { class: "hint" }, kilobytes(message.file.size))),
  venue: (message) => place(message.place),
  location: (message) => place(message.place),
  contact: (message) =>
    node("div", { class: "card" }, node("strong", { dir: "auto" }, message.contact.first_name),
      node("span", { class: "hint", dir: "ltr" }, message.contact.phone_number)),
  sticker: () => node("span", { class: "sticker", role: "img", "aria-label": "Sticker: duim omhoog" }, "👍"),
};

function place({ title, address, latitude, longitude }) {
  const where = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return node("a", { class: "place", href: where, target: "_blank", rel: "noopener noreferrer" },
    node("span", { class: "map", "aria-hidden": "true" }),
    node("strong", { dir: "auto" }, title || "Plaats"),
    ...(address ? [node("span", { dir: "auto" }, address)] : []),
    node("span", { class: "hint" }, "Open de kaart"));
}

function inlineButton(button) {
  if (button.url) {
    const attributes = { href: button.url, "data-url": button.url, target: "_blank", rel: "noopener noreferrer", dir: "auto" };
    return node("a", attributes, button.text);
  }
  return node("button", { type: "button", "data-callback": button.data ?? "", dir: "auto" }, button.text);
}

// One message: its bubble, and the rows of buttons under it.
export function bubble(message) {
  const media = MEDIA[message.media]?.(message);
  const text = message.text && node("div", { class: "text", dir: "auto" }, ...formatted(message.text, message.entities));
  const quote = message.reply_to && node("div", { class: "quote", dir: "auto" }, message.reply_to);
  const edited = message.edited && node("span", { class: "edited" }, "bewerkt");
  const when = new Date(message.date * 1000);
  const foot = node("footer", {}, ...[edited, node("time", { datetime: when.toISOString() }, hour.format(when))].filter(Boolean));
  const speaker = node("span", { class: "unseen" }, message.from === "bot" ? "De bot: " : "Jij: ");
  const box = node("div", { class: `bubble of-${message.media || "text"}` }, ...[speaker, quote, media, text, foot].filter(Boolean));
  const rows = message.rows.map((row) => node("div", { class: "row" }, ...row.map(inlineButton)));
  const attributes = { class: `message ${message.from}`, "data-message-id": message.message_id, "data-from": message.from, "data-date": message.date };
  return node("article", attributes, box, ...(rows.length ? [node("div", { class: "rows" }, ...rows)] : []));
}
