// Marks from inside the page: when an event happened, and when what it caused had been painted.
//
// "Painted" is the second animation frame after the change is in the document: the first one runs before the frame with
// the change is drawn, the second after it. So up to one frame too much is counted, never too little.

/** From now on: when an element that matches and shows the words has been painted. */
export function watch(page, selector, words = '') {
  return page.script((css, text) => {
    window.painted = new Promise((resolve) => {
      const look = () => {
        if (![...document.querySelectorAll(css)].some((element) => element.textContent.includes(text))) return;
        observer.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => resolve({ at_ms: Date.now(), now_ms: performance.now() })));
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      look();
    });
  }, selector, words);
}

/** From now on: when the next event of this type happened, by the page's clock. */
export function listen(page, type) {
  return page.script((name) => {
    window.happened = new Promise((resolve) => {
      addEventListener(name, (event) => resolve({ now_ms: Math.min(event.timeStamp, performance.now()) }), { capture: true, once: true });
    });
  }, type);
}

/** Waits until it was painted; answers with the page's two clocks. */
export function painted(page) {
  return page.script(() => window.painted);
}

/** Waits until it happened. */
export function happened(page) {
  return page.script(() => window.happened);
}

/** What is typed next into the field that has the focus: painted a frame after its text changed. */
export function watchInput(page) {
  return page.script(() => {
    window.painted = new Promise((resolve) => {
      const done = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve({ now_ms: performance.now() })));
      document.activeElement.addEventListener('input', done, { once: true });
    });
  });
}

/** Asks the core as the page does. */
export function ask(page, name, args) {
  return page.script((call, given) => window.__TAURI_INTERNALS__.invoke('call', { name: call, arguments: given }), name, args);
}
