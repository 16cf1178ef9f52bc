const widget = {{widget}};

// Fires a tag of custom HTML as tag managers do: parsed in an element of its own, with each script made anew, and
// everything taken away once it ran.
const fire = (html) => {
  const place = document.createElement("div");
  place.style.display = "none";
  place.innerHTML = html;
  for (const inert of place.querySelectorAll("script")) {
    const script = document.createElement("script");
    for (const { name, value } of inert.attributes) script.setAttribute(name, value);
    script.onload = () => {
      chatgenie.default.messenger().on("authenticated", () => { outcome = "resolved"; });
      place.remove();
    };
    inert.replaceWith(script);
  }
  document.body.append(place);
};
const push = dataLayer.push;
dataLayer.push = (...events) => {
  const length = push.apply(dataLayer, events);
  const { appId, connectionType, connectionEmail, connectionKey } = tag;
  for (const { event } of events) {
    if (event !== "pageview") continue;
    fire(`<script async src="${widget}" data-app-id="${appId}" data-connection-type="${connectionType}"
      data-connection-email="${connectionEmail}" data-connection-key="${connectionKey}"></script>`);
  }
  return length;
};
dataLayer.push({ event: "pageview" }, { event: "pageview" });
