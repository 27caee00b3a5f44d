/* global React, ReactDOM, GraphiQL, ballastExamples */
// Starts GraphiQL with the token of the address (#token=…), which browsers never send, or of the field above the editor.
(function start() {
  const storageKey = 'ballast.token';
  const field = document.getElementById('token');
  const note = document.getElementById('note');
  const fromAddress = new URLSearchParams(location.hash.slice(1)).get('token');
  if (fromAddress) {
    sessionStorage.setItem(storageKey, fromAddress);
    history.replaceState(null, '', location.pathname);
  }
  let token = sessionStorage.getItem(storageKey) || '';
  field.value = token;
  note.textContent = token ? '' : 'No token yet: every request needs one.';

  const root = ReactDOM.createRoot(document.getElementById('graphiql'));
  const fetcher = GraphiQL.createFetcher({ url: '/graphql' });
  const withToken = (parameters, options) =>
    fetcher(parameters, { ...options, headers: { authorization: `Bearer ${token}`, ...(options && options.headers) } });
  let rounds = 0;
  const render = () =>
    root.render(
      React.createElement(GraphiQL, {
        key: (rounds += 1), // a new token reads the schema again
        fetcher: withToken,
        defaultEditorToolsVisibility: 'variables',
        defaultTabs: ballastExamples,
        shouldPersistHeaders: false,
      }),
    );
  const apply = () => {
    token = field.value.trim();
    sessionStorage.setItem(storageKey, token);
    note.textContent = token ? 'Token in use.' : 'No token yet: every request needs one.';
    render();
  };
  document.getElementById('apply').addEventListener('click', apply);
  field.addEventListener('keydown', (event) => event.key === 'Enter' && apply());
  render();
})();
