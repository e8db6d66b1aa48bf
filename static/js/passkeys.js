// Buttons that ask for a passkey, and words when none was used: the browser tells scripts only.
(() => {
  for (const element of document.querySelectorAll('[data-passkey]')) {
    window.allauth.webauthn.forms[element.dataset.passkey]({ ids: JSON.parse(element.dataset.ids) })
  }
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    const main = document.getElementById('main')
    let note = document.getElementById('passkey-problem')
    if (!note) {
      note = document.createElement('div')
      note.id = 'passkey-problem'
      note.className = 'problem'
      note.setAttribute('role', 'alert')
      note.append(document.createElement('p'))
      main.querySelector('h1').after(note)
    }
    const isAddress = /^[\d.]+$|^\[/.test(location.hostname)
    note.firstChild.textContent = isAddress
      ? 'Browsers keep passkeys for names, not for numbers: open the portal by its name, on this machine as localhost.'
      : 'No passkey was used. Try again, or go on with your password or a code.'
  })
})()
