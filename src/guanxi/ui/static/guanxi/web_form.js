// The web form: does the small piece of work that keeps robots out, and tells the page around it how high it is.
(() => {
  const isEmbedded = window.parent !== window;
  if (isEmbedded) document.documentElement.classList.add("is-embedded");
  const tell = () => {
    if (isEmbedded) {
      window.parent.postMessage({ guanxiFormHeight: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
    }
  };
  addEventListener("load", tell);
  new ResizeObserver(tell).observe(document.body);

  const form = document.querySelector("form[data-bits]");
  if (!form || !window.crypto?.subtle) return;
  const bits = Number(form.dataset.bits);
  const words = new TextEncoder();

  async function work(token) {
    for (let number = 0; ; number += 1) {
      const digest = new DataView(await crypto.subtle.digest("SHA-256", words.encode(`${token}:${number}`)));
      if (digest.getUint32(0) >>> (32 - bits) === 0) return String(number);
    }
  }

  const done = work(form.elements.token.value).then((found) => {
    form.elements.work.value = found;
  });
  let isSending = false;
  form.addEventListener("submit", (event) => {
    if (isSending) {
      event.preventDefault();
      return;
    }
    isSending = true;
    if (form.elements.work.value) return;
    event.preventDefault();
    done.then(() => form.submit());
  });
})();
