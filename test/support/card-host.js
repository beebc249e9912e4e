import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

// A program that shows cards, made of the package's own bridge: it runs in the browser of the tests. A test tells it what was asked
// and answered, and reads from `host` what the card asked for.

const heard = [];
const said = { messages: [], links: [], calls: [], sizes: [], left: 0, complaints: [] };

/** Shows a card in a frame that may run scripts and nothing else. */
async function show({ src, args, result, context, capabilities, refuses }) {
  const frame = document.querySelector('iframe');
  const bridge = new AppBridge(null, { name: 'Test host', version: '1' }, capabilities, {
    hostContext: context,
  });
  window.addEventListener('message', ({ source, data }) => {
    if (source === frame.contentWindow) heard.push(data);
  });
  bridge.onerror = error => said.complaints.push(String(error));
  bridge.onmessage = async params => {
    said.messages.push(params);
    return refuses ? { isError: true } : {};
  };
  bridge.onopenlink = async ({ url }) => {
    said.links.push(url);
    return refuses ? { isError: true } : {};
  };
  bridge.oncalltool = async params => {
    said.calls.push(params);
    return window.callTool(params);
  };
  bridge.onsizechange = ({ height }) => {
    said.sizes.push(height);
    frame.style.height = `${height}px`;
  };
  bridge.onrequestteardown = () => {
    said.left += 1;
  };
  const ready = new Promise(resolve => {
    bridge.oninitialized = resolve;
  });
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.src = src;
  await ready;
  await bridge.sendToolInput({ arguments: args });
  await bridge.sendToolResult(result);
  window.bridge = bridge;
}

window.host = { show, heard, said };
