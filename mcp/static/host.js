// Speaks with the program that shows this card (MCP Apps, revision 2026-01-26): JSON-RPC by messages to the window around us. Nobody
// else is listened to, and nothing is fetched.

const revision = '2026-01-26';

/**
 * Begins the conversation. `heard` are called with what the host tells: `input` (the arguments of the call), `result` (its answer),
 * `cancelled`, `context` (what changed of theme and room). Resolves to the host: what it can do, and how it is asked.
 */
export async function meetHost(name, heard) {
  const around = window.parent;
  const asked = new Map();
  let lastId = 0;
  // Whose page is around us nobody tells us: what is sent is what its user has pressed, no more.
  const post = message => around.postMessage({ jsonrpc: '2.0', ...message }, '*');
  const tell = (method, params = {}) => post({ method, params });
  const ask = (method, params) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      asked.set(lastId, { resolve, reject });
      post({ id: lastId, method, params });
    });

  const told = {
    'ui/notifications/tool-input': ({ arguments: args }) => heard.input(args ?? {}),
    'ui/notifications/tool-result': params => heard.result(params),
    'ui/notifications/tool-cancelled': () => heard.cancelled(),
    'ui/notifications/host-context-changed': params => heard.context(params),
  };
  const answered = { ping: () => ({}), 'ui/resource-teardown': () => ({}) };

  window.addEventListener('message', ({ source, data }) => {
    if (source !== around || data?.jsonrpc !== '2.0') return;
    const { id, method, params = {}, result, error } = data;
    if (method === undefined) {
      const waits = asked.get(id);
      asked.delete(id);
      if (error) waits?.reject(error);
      else waits?.resolve(result ?? {});
    } else if (id === undefined) told[method]?.(params);
    else if (Object.hasOwn(answered, method)) post({ id, result: answered[method]() });
    else post({ id, error: { code: -32601, message: `This card does not know ${method}.` } });
  });

  const { hostCapabilities = {}, hostContext = {} } = await ask('ui/initialize', {
    appInfo: { name, version: '1' },
    appCapabilities: { availableDisplayModes: ['inline'] },
    protocolVersion: revision,
  });
  heard.context(hostContext);
  tell('ui/notifications/initialized');

  let height = -1;
  const measure = () => {
    const now = document.body.hidden ? 0 : Math.ceil(document.body.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    tell('ui/notifications/size-changed', { height });
  };
  new ResizeObserver(measure).observe(document.body);

  const done = async answer => (await answer)?.isError !== true;
  return {
    can: capability => hostCapabilities[capability] !== undefined,
    /** True when the host opened it. */
    open: url => done(ask('ui/open-link', { url })).catch(() => false),
    /** Says it in the chat as its user; true when the chat took it. */
    say: text =>
      done(ask('ui/message', { role: 'user', content: [{ type: 'text', text }] })).catch(() => false),
    /** What a tool of ours answers to the agent's own key; undefined where it refuses. */
    read: (tool, args) =>
      ask('tools/call', { name: tool, arguments: args })
        .then(({ isError, structuredContent }) => (isError ? undefined : structuredContent))
        .catch(() => undefined),
    /** There is nothing to show. */
    leave() {
      document.body.hidden = true;
      measure();
      tell('ui/notifications/request-teardown');
    },
  };
}
