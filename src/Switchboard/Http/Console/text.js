// Shows text of others as text: never as markup, never reordered by its own marks, with what has no shape made visible.

// Controls, bidi marks, zero-width characters and tags. A joiner inside an emoji or between letters that join is what it is there for.
const unseenCharacter = new RegExp(
  "([\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180E\\u200B\\u200E\\u200F\\u2028-\\u202E" +
  "\\u2060-\\u206F\\u3164\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\u{E0000}-\\u{E007F}]" +
  "|(?<![\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F\\p{sc=Arab}\\p{sc=Deva}\\p{sc=Beng}\\p{sc=Mlym}\\p{sc=Sinh}])[\\u200C\\u200D])", "u");

/** Adds text to what the element shows; a character cut over two pieces comes together again. */
function appendText(target, text) {
  text.split(unseenCharacter).forEach((part, index) => {
    if (index % 2 === 1) {
      const code = part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      target.append(element("bdi", { className: "chip", title: "A character that has no shape of its own" }, `⟦U+${code}⟧`));
    } else if (part && target.lastChild?.nodeType === Node.TEXT_NODE) {
      target.lastChild.appendData(part);
    } else if (part) {
      target.append(part);
    }
  });
}

function textElement(name, properties, text) {
  const made = element(name, properties);
  appendText(made, text);
  return made;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "1.2 s" and "45 ms", as people compare them. */
function duration(milliseconds) {
  return milliseconds >= 10000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds)} ms`;
}

function counted(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}
