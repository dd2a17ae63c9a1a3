// Passkeys: the server's options lie in the page or behind an address, the browser's answer goes into a hidden field.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

export function startPasskeys() {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) {
      complain(form, form.dataset.unsupported);
      form.querySelector("[data-ask]").disabled = true;
      continue;
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
}

async function ask(form) {
  const button = form.querySelector("[data-ask]");
  button.disabled = true;
  try {
    const options = await optionsOf(form);
    const answer = form.dataset.passkey === "create" ? await create(options, form) : await get(options);
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    complain(form, error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed);
    button.disabled = false;
  }
}

async function optionsOf(form) {
  const inside = document.getElementById("passkey-options");
  if (inside) return Object.values(JSON.parse(inside.textContent))[0].publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).request_options.publicKey;
}

async function create(options, form) {
  const alone = form.elements.passwordless?.checked ?? false;
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
      authenticatorSelection: {
        ...options.authenticatorSelection,
        residentKey: alone ? "required" : "discouraged",
        requireResidentKey: alone,
        ...(alone && { userVerification: "required" }),
      },
    },
  });
  const { clientDataJSON, attestationObject } = made.response;
  const transports = made.response.getTransports?.() ?? [];
  return told(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject), transports });
}

async function get(options) {
  const found = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return told(found, {
    clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function told(credential, response) {
  return {
    type: credential.type, id: credential.id, rawId: text(credential.rawId), response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function complain(form, sentence) {
  const place = form.querySelector("[data-complaint]");
  place.textContent = sentence;
  place.hidden = !sentence;
}
