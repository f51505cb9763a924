// Each form is a call of the control API: data-call names it, its named fields are the body,
// and those with data-path fill in the path.
for (const form of document.forms) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    let [method, path] = form.dataset.call.split(' ');
    const body = {};
    for (const field of form.elements) {
      if (field.dataset.path) {
        path = path.replace(`{${field.dataset.path}}`, encodeURIComponent(field.value));
      } else if (field.name) {
        body[field.name] = field.type === 'number' ? Number(field.value) : field.value;
      }
    }
    const answer = await fetch(path, {method, body: method === 'POST' ? JSON.stringify(body) : undefined});
    sessionStorage.setItem('result', `${method} ${path} ${answer.status} ${(await answer.text()).slice(0, 500)}`);
    location.reload();
  });
}
document.getElementById('result').textContent = sessionStorage.getItem('result') ?? '';
