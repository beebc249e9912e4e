import { html } from '../html.ts';
import type { Page } from '../site.ts';
import type { RefusedAuthorization } from './connecting.ts';

/** What went wrong, in words for whoever pressed "connect" in a program; what it is called stands below, for its makers. */
const words: Readonly<Record<string, string>> = {
  invalid_client: 'We do not know this program, or could not look up what it says of itself.',
  invalid_redirect_uri: 'The program wants to go back to an address it has not told us before.',
  unsupported_response_type: 'The program asks in a way we do not offer.',
  invalid_target: 'The program asks for something that is not here.',
};

/** A program that cannot be sent back to where it came from: to send somebody to an address nobody vouches for would be worse. */
export const refusedPage = ({ error, error_description }: RefusedAuthorization): Page => ({
  title: 'This could not be connected',
  status: error === 'server_error' ? 500 : 400,
  body: html`<h1>This could not be connected</h1>
<p class="lead">${words[error] ?? 'What the program asked for is over, or was not asked in the right way.'} Nothing was allowed.</p>
<p>Go back to the program and start connecting once more. If that does not help, remove the connection there and add it anew.</p>
<p><a class="button" href="/">To Deskhand</a></p>
<p class="hint">For those who make the program: <code>${error}</code>${error_description !== undefined && html`, ${error_description}`}.</p>`,
});

/** What a person was asked is over: decided already, an hour old, or asked in another browser. */
export const overPage = (): Page => ({
  title: 'This is over',
  status: 410,
  body: html`<h1>This is over</h1>
<p class="lead">What the program asked for was decided already, is more than an hour old, or was asked in another browser.</p>
<p>Go back to the program and start connecting once more.</p>
<p><a class="button" href="/">To Deskhand</a></p>`,
});
