// Parts what is spoken from what the platform obeys, also where a directive is cut over pieces
// (IMS: "Implement automatic hang-up and transfer", "Uninterruptible spoken responses", emotion marks).

const directiveStarts = [["<imsagent_", ">"], ["<no interrupting>", ">"], ["{{emotion=", "}}"]];

// A directive is short; what goes on longer than this was only text.
const longestDirective = 1024;

class DirectiveScanner {
  #held = "";

  /** Takes a piece and returns what can be said or obeyed so far: [{kind, text}]. */
  push(piece) {
    this.#held += piece;
    return this.#drain(false);
  }

  /** Returns what was held back when the answer ends. */
  complete() {
    return this.#drain(true);
  }

  #drain(final) {
    const found = [];
    const text = this.#held;
    let spoken = 0;
    for (let at = 0; at <= text.length; ) {
      const length = at === text.length ? -1 : text[at] === "<" || text[at] === "{" ? this.#measure(text.slice(at), final) : 0;
      if (length === 0) {
        at++;
        continue;
      }
      if (at > spoken) {
        found.push({ kind: "spoken", text: text.slice(spoken, at) });
      }
      if (length < 0) {
        this.#held = text.slice(at);
        return found;
      }
      found.push({ kind: directiveKind(text.slice(at, at + length)), text: text.slice(at, at + length) });
      at += length;
      spoken = at;
    }
    return found;
  }

  /** The length of the directive that begins here; 0 for none, -1 when more text must tell. */
  #measure(rest, final) {
    const lower = rest.slice(0, 20).toLowerCase();
    for (const [start, close] of directiveStarts) {
      if (lower.startsWith(start)) {
        // No further than it may be long: else a text full of beginnings would be searched to its end from each.
        const end = rest.slice(0, longestDirective).indexOf(close);
        if (end >= 0) {
          return end + close.length;
        }
        return rest.length > longestDirective ? 0 : final ? rest.length : -1;
      }
      if (!final && lower.length < start.length && start.startsWith(lower)) {
        return -1;
      }
    }
    return 0;
  }
}

function directiveKind(text) {
  return /^<imsagent_hangup(\s[^]*)?\/>$/i.test(text) ? "hangup"
    : /^<imsagent_transfer_call(\s[^]*)?\/>$/i.test(text) ? "transfer"
    : "mark";
}

/** The attributes of a directive: caller="…", callee="…". */
function directiveValues(text) {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}
