// Asks the API for JSON; after a refusal it asks nothing for a while, so that typing goes on smoothly.

const GIVE_UP_AFTER = 10_000;
const PAUSE = 10_000;

/** The API did not answer, or refused to. */
export class Unanswered extends Error {
  /**
   * @param {string} reason `busy` (asked too often), `unreachable` or `wrong` (only this request)
   * @param {number} wait milliseconds until it makes sense to ask again
   */
  constructor(reason, wait) {
    super(`The search API gave no answer: ${reason}`);
    this.reason = reason;
    this.wait = wait;
  }
}

export class Client {
  #server;
  #key;
  #options;
  #pausedUntil = 0;
  #pausedFor = "";

  /**
   * @param {string} server where the archive is reached, with a slash at the end
   * @param {{key?: string, language?: string, credentials?: RequestCredentials}} [options]
   */
  constructor(server, { key = "", language = "", credentials = "omit" } = {}) {
    this.#server = server;
    this.#key = key;
    const headers = { Accept: "application/json" };
    this.#options = { credentials, headers: language ? { ...headers, "Accept-Language": language } : headers };
  }

  /** Whether the last request was refused so recently that the next would be, too. */
  get paused() {
    return Date.now() < this.#pausedUntil;
  }

  /**
   * The full address of a path of the archive.
   * @param {string} path as the archive's links have it, with or without the prefix under which it runs
   */
  address(path, pairs = []) {
    const root = new URL(this.#server).pathname;
    const inside = path.startsWith(root) ? path.slice(root.length) : path.replace(/^\//, "");
    const address = new URL(inside, this.#server);
    for (const [name, value] of pairs) address.searchParams.append(name, value);
    return address.href;
  }

  /**
   * The JSON document of an address of the API; throws Unanswered, or AbortError once it is aborted.
   * @param {string} path
   * @param {[string, string][]} [pairs]
   * @param {AbortSignal} [signal]
   */
  async get(path, pairs = [], signal = new AbortController().signal) {
    if (this.paused) throw new Unanswered(this.#pausedFor, this.#pausedUntil - Date.now());
    const all = this.#key ? [...pairs, ["key", this.#key]] : pairs;
    const patience = AbortSignal.any([signal, AbortSignal.timeout(GIVE_UP_AFTER)]);
    let response;
    try {
      response = await fetch(this.address(path, all), { ...this.#options, signal: patience });
      if (response.ok) return await response.json();
    } catch {
      signal.throwIfAborted();
      throw this.#pause("unreachable", PAUSE);
    }
    if (response.status === 429) {
      throw this.#pause("busy", 1000 * Number(response.headers.get("Retry-After")) || PAUSE);
    }
    if (response.status >= 500 || [401, 403].includes(response.status)) {
      throw this.#pause("unreachable", PAUSE);
    }
    throw new Unanswered("wrong", 0);
  }

  #pause(reason, wait) {
    this.#pausedUntil = Date.now() + wait;
    this.#pausedFor = reason;
    return new Unanswered(reason, wait);
  }
}
