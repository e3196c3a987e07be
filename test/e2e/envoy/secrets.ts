import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedCloud, SimulatedGateway } from '../../../simulator/index.js';

/** Everything secret that a cloud and a gateway gave away, by what it is. */
export type Secrets = Map<string, string>;

const secretsInBody = /"(session_id|manager_token)":"([^"]+)"/g;
const cookieValue = /^([^=]+)=([^;]+)/;

/** Notes the tokens, sessions and cookies that both servers give away from now on. */
export function collectSecrets(cloud: SimulatedCloud, gateway: SimulatedGateway): Secrets {
  const secrets: Secrets = new Map();
  const note = (what: string, value: string): void => void secrets.set(`${what} ${secrets.size}`, value);
  const issue = cloud.authority.issue.bind(cloud.authority);
  cloud.authority.issue = async (options) => {
    const token = await issue(options);
    note('token', token);
    note('signature', token.split('.')[2] ?? token);
    return token;
  };
  for (const { log } of [cloud, gateway]) {
    const record = log.record.bind(log);
    log.record = (request, response, path, query) => {
      record(request, response, path, query);
      const setHeader = response.setHeader.bind(response);
      response.setHeader = (name, value) => {
        const cookies = name.toLowerCase() === 'set-cookie' ? [value].flat() : [];
        for (const cookie of cookies) note('cookie', cookieValue.exec(String(cookie))?.[2] ?? String(cookie));
        return setHeader(name, value);
      };
      const end = response.end.bind(response) as (...given: unknown[]) => typeof response;
      response.end = (...given: unknown[]) => {
        const [body] = given;
        const found = typeof body === 'string' ? body.matchAll(secretsInBody) : [];
        for (const [, what = '', value = ''] of found) note(what, value);
        return end(...given);
      };
    };
  }
  return secrets;
}

/** Names of the secrets that a text contains. */
export function secretsIn(text: string, secrets: Secrets): string[] {
  return [...secrets].filter(([, value]) => text.includes(value)).map(([what]) => what);
}

/** Every file below a folder, links not followed: its path, permissions and content. */
export function filesBelow(folder: string): { path: string; mode: number; content: string }[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const status = lstatSync(path);
    if (status.isSymbolicLink()) return [];
    if (status.isDirectory()) return filesBelow(path);
    return [{ path, mode: status.mode & 0o777, content: readFileSync(path, 'latin1') }];
  });
}
