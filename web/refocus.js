// While the connection is lost Streamlit disables all fields, and a browser tells none that it is left by that. A text
// that was just being typed would be shown and not be sent with the next button. So the field is entered once more.
(() => {
  let entered = null
  let interrupted = null
  document.addEventListener("focusin", event => { entered = event.target })
  new MutationObserver(changes => {
    for (const { target } of changes) {
      if (target === entered && target.disabled) interrupted = target
      if (target !== interrupted || target.disabled) continue
      interrupted = null
      const meanwhile = document.activeElement
      target.focus({ preventScroll: true })
      if (meanwhile && meanwhile !== document.body) meanwhile.focus({ preventScroll: true })
    }
  }).observe(document, { subtree: true, attributeFilter: ["disabled"] })
})()
