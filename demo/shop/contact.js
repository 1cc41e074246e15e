// The contact form. What is reported is that it was begun and sent, and the chosen subject; never
// what was typed.

export function wireContact(main) {
  const form = main.querySelector("[data-contact]");
  if (!form) return;
  form.addEventListener("input", () => clew("track", "contact_started", {}), {
    once: true,
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clew("track", "contact_sent", { topic: form.elements.topic.value });
    const sent = main.querySelector("[data-sent]");
    sent.textContent = "Thank you. We have lit a lantern and will answer within a day.";
    sent.tabIndex = -1;
    form.remove();
    sent.focus();
  });
}
