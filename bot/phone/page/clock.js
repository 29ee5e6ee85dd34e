// The bot's time on top, and the ways to move it forward.

const ZONE = "Europe/Brussels";
const shown = new Intl.DateTimeFormat("nl-BE", {
  weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: ZONE,
});
const parts = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: ZONE });
const clock = document.querySelector("#clock");
let ahead = 0;

const now = () => new Date(Date.now() + ahead);

function tick() {
  const time = clock.querySelector("time");
  time.textContent = shown.format(now());
  time.dateTime = now().toISOString();
}

export function setClock(state) {
  ahead = Date.parse(state.now) - Date.now();
  const moves = clock.querySelector(".moves");
  const field = clock.querySelector('[name="moment"]');
  moves.hidden = !state.movable;
  field.min = parts.format(now()).replace(" ", "T");
  if (document.activeElement !== field) field.value = field.min;
  tick();
}

export function startClock(post) {
  const move = async (wish) => {
    clock.setAttribute("aria-busy", "true");
    try {
      setClock(await post("clock", wish));
    } finally {
      clock.removeAttribute("aria-busy");
    }
  };
  clock.addEventListener("click", (event) => {
    const seconds = event.target.dataset?.forward;
    if (seconds) move({ seconds: Number(seconds) });
  });
  clock.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    move({ to: event.target.elements.moment.value });
  });
  setInterval(tick, 1000);
}
