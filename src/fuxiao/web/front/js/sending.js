// Forms of the engineer's phone: what cannot be sent now is kept in the browser and sent once there is a connection.
// Each form has a key of its own, so the server carries it out once however often it arrives.
const STORE = "forms";

export function startSending() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-send]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    send(form);
  });
  addEventListener("online", sendKept);
  sendKept();
}

async function send(form) {
  const button = form.querySelector("button:not([type=button])");
  button.disabled = true;
  form.elements.happened_at.value = Math.floor(Date.now() / 1000);
  await place(form);
  const kept = { url: form.action, fields: [...new FormData(form)] };
  try {
    await arrived(await post(kept), form);
  } catch {
    await keep(kept);
    await tell();
  }
  button.disabled = false;
}

// The position only with consent, and never in the way of arriving.
function place(form) {
  if (!form.querySelector("[data-position-on]")?.checked || !navigator.geolocation) return Promise.resolve();
  return new Promise((done) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(5);
        form.elements.longitude.value = coords.longitude.toFixed(5);
        done();
      },
      () => done(),
      { timeout: 8000, maximumAge: 60000, enableHighAccuracy: true },
    ),
  );
}

function post({ url, fields }) {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  return fetch(url, { method: "POST", body, credentials: "same-origin" });
}

// A redirect leads on; a refusal is shown where the form was, with the files that were chosen.
async function arrived(response, form) {
  if (response.status >= 500) throw new Error("the server could not");
  if (response.redirected || response.ok) return location.assign(response.url);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  document.getElementById("main").replaceWith(page.getElementById("main"));
  for (const chosen of form.querySelectorAll("input[type=file]")) {
    const again = document.querySelector(`#main input[type=file][name="${CSS.escape(chosen.name)}"]`);
    if (again) again.files = chosen.files;
  }
  document.dispatchEvent(new Event("page:shown"));
  document.querySelector("#main .has-error, #main [role=alert]")?.scrollIntoView({ block: "center" });
}

async function sendKept() {
  for (const [key, kept] of await all()) {
    try {
      const response = await post(kept);
      if (response.status >= 500) throw new Error("the server could not");
      await forget(key);
      if (location.href.startsWith(response.url) || kept.url.startsWith(location.href)) location.assign(response.url);
    } catch {
      break;
    }
  }
  await tell();
}

async function tell() {
  const count = (await all()).length;
  for (const note of document.querySelectorAll("[data-kept]")) {
    note.hidden = count === 0;
    const words = note.querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("{n}", count);
  }
}

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("fuxiao", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function with_(mode, act) {
  const base = await open();
  return new Promise((done, failed) => {
    const change = base.transaction(STORE, mode);
    const asked = act(change.objectStore(STORE));
    change.oncomplete = () => (base.close(), done(asked?.result));
    change.onerror = () => (base.close(), failed(change.error));
  });
}

const keep = (kept) => with_("readwrite", (store) => store.add(kept));
const forget = (key) => with_("readwrite", (store) => store.delete(key));

async function all() {
  if (!document.querySelector("[data-kept]")) return [];
  const [keys, values] = [await with_("readonly", (s) => s.getAllKeys()), await with_("readonly", (s) => s.getAll())];
  return keys.map((key, place) => [key, values[place]]);
}
