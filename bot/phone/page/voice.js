// Recording a voice message; where the browser cannot, a file is chosen instead.

export function recorder(button, picker, send) {
  let running = null;
  return async () => {
    if (running) return running.stop();
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return picker.click();
    let microphone;
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return picker.click();
    }
    running = record(microphone, (sound, seconds) => {
      running = null;
      button.classList.remove("recording");
      button.setAttribute("aria-label", "Neem een spraakbericht op");
      send(sound, seconds);
    });
    button.classList.add("recording");
    button.setAttribute("aria-label", "Stop en verstuur het spraakbericht");
  };
}

function record(microphone, done) {
  const pieces = [];
  const started = performance.now();
  const machine = new MediaRecorder(microphone);
  machine.addEventListener("dataavailable", (event) => pieces.push(event.data));
  machine.addEventListener("stop", () => {
    for (const track of microphone.getTracks()) track.stop();
    done(new Blob(pieces, { type: machine.mimeType }), Math.max(1, Math.round((performance.now() - started) / 1000)));
  });
  machine.start();
  return machine;
}
