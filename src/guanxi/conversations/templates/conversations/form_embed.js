{% load i18n %}(() => {
  const script = document.currentScript;
  const frame = document.createElement("iframe");
  const language = script.dataset.lang || document.documentElement.lang || "";
  const address = new URL("{{ address|escapejs }}");
  if (language) address.searchParams.set("lang", language.slice(0, 2).toLowerCase());
  frame.src = address.href;
  frame.title = "{{ name|escapejs }}";
  frame.style.width = "100%";
  frame.style.border = "0";
  frame.style.height = "640px";
  addEventListener("message", (event) => {
    if (event.source === frame.contentWindow && event.origin === address.origin && event.data?.guanxiFormHeight > 0) {
      frame.style.height = `${Math.min(event.data.guanxiFormHeight, 4000)}px`;
    }
  });
  script.after(frame);
})();
