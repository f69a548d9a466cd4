// The page that takes badges: drop, paste, and the live camera. Whatever arrives is put into the form, which is sent as it
// would be by hand; without this script, the form does the same.
"use strict";
{
  const form = document.getElementById("check");
  const [file, photo, text] = ["file", "photo", "text"].map((id) => document.getElementById(id));
  const progress = document.getElementById("progress");
  const options = form.querySelector("details");
  const zone = form.querySelector(".drop");
  const LARGEST = 10 * 1024 * 1024;

  const say = (words) => { progress.textContent = words; };

  // Who has opened the further questions wants to answer them first.
  const send = (chosen) => {
    if (options.open) {
      say(`${form.dataset.chosen} ${chosen}`);
      form.querySelector("button:not([type])").focus();
    } else {
      form.requestSubmit();
    }
  };

  const take = (given) => {
    if (given.size > LARGEST) {
      say(form.dataset.tooLarge);
      return;
    }
    const held = new DataTransfer();
    held.items.add(given);
    file.files = held.files;
    photo.value = text.value = "";
    send(given.name);
  };

  // A badge that is dragged over from another site comes as its address.
  const read = (data) => {
    const words = (data.getData("text/uri-list") || data.getData("text/plain")).trim();
    if (data.files.length > 0) {
      take(data.files[0]);
    } else if (words) {
      file.value = photo.value = "";
      text.value = words;
      send(words.slice(0, 80));
    }
  };

  let within = 0;
  const over = (change) => {
    within = Math.max(0, within + change);
    zone.classList.toggle("over", within > 0);
  };
  document.addEventListener("dragenter", () => over(1));
  document.addEventListener("dragleave", () => over(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over(-within);
    read(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => {
    const typing = event.target.closest("input, textarea") && event.clipboardData.files.length === 0;
    if (!typing) {
      event.preventDefault();
      read(event.clipboardData);
    }
  });
  for (const input of [file, photo]) {
    input.addEventListener("change", () => {
      if (input.files.length > 0) take(input.files[0]);
    });
  }

  form.addEventListener("submit", () => {
    say(form.dataset.checking);
    form.setAttribute("aria-busy", "true");
  });
  // Back from the report: nothing is on its way any more.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    say("");
    form.removeAttribute("aria-busy");
  });
  form.querySelector("[data-live]").hidden = false;

  // The camera, where the browser itself reads QR codes: no picture leaves the device, only what the code says.
  const camera = form.querySelector("[data-camera]");
  const video = camera.querySelector("video");
  const [view, start, stop] = ["view", "start", "stop"].map((part) => camera.querySelector(`[data-${part}]`));
  let stream = null;

  const shut = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
    view.hidden = true;
    start.hidden = false;
  };
  const look = async (detector) => {
    if (!stream) return;
    const found = await detector.detect(video).catch(() => []);
    if (found.length > 0 && stream) {
      shut();
      file.value = photo.value = "";
      text.value = found[0].rawValue;
      send(found[0].rawValue.slice(0, 80));
    } else {
      setTimeout(look, 150, detector);
    }
  };
  const watch = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      view.hidden = false;
      start.hidden = true;
      stop.focus();
      await video.play();
      look(new BarcodeDetector({ formats: ["qr_code"] }));
    } catch {
      shut();
      say(form.dataset.noCamera);
    }
  };
  start.addEventListener("click", watch);
  stop.addEventListener("click", () => {
    shut();
    start.focus();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && stream) shut();
  });
  if ("BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
    BarcodeDetector.getSupportedFormats().then((formats) => { camera.hidden = !formats.includes("qr_code"); });
  }
}
