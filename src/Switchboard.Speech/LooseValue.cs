using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Switchboard.Speech;

/// <summary>Reads values as models write them where they write no JSON: Python's literals, and Gemma's strings between tokens and keys without quotes.</summary>
internal sealed class LooseValue
{
    private const int Deepest = 32;
    private static readonly string[] Quotes = ["<|\"|>", "<escape>", "\"", "'"];

    private readonly string _text;
    private int _at;
    private int _depth;

    private LooseValue(string text, int at) => (_text, _at) = (text, at);

    /// <summary>The index after the brackets that open at <paramref name="start"/>; null where they are not closed.</summary>
    public static int? End(string text, int start)
    {
        var depth = 0;
        var quoted = false;
        for (var at = start; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\' when quoted:
                    at++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '{' or '[' when !quoted:
                    depth++;
                    break;
                case '}' or ']' when !quoted && --depth == 0:
                    return at + 1;
            }
        }

        return null;
    }

    /// <summary>The value that begins at an index; null where there is none that ends.</summary>
    public static JsonNode? TryRead(string text, int start, out int end)
    {
        var reader = new LooseValue(text, start);
        var isRead = reader.TryValue(out var value);
        end = reader._at;
        return isRead ? value : null;
    }

    /// <summary>The arguments between the parentheses that open at an index: by name, or by the order of the parameters.</summary>
    public static JsonObject? TryReadArguments(string text, int open, string[] parameters, out int end)
    {
        var reader = new LooseValue(text, open + 1);
        var arguments = reader.Arguments(parameters);
        end = reader._at;
        return arguments;
    }

    private JsonObject? Arguments(string[] parameters)
    {
        var arguments = new JsonObject();
        for (var position = 0; ; position++)
        {
            Skip();
            if (Take(")"))
            {
                return arguments;
            }

            var key = KeyBefore('=') ?? (position < parameters.Length ? parameters[position] : null);
            if (key is null || !TryValue(out var value))
            {
                return null;
            }

            arguments[key] = value;
            Skip();
            if (!Take(",") && !(_at < _text.Length && _text[_at] == ')'))
            {
                return null;
            }
        }
    }

    private bool TryValue(out JsonNode? value)
    {
        Skip();
        value = null;
        if (_at >= _text.Length || ++_depth > Deepest)
        {
            return false;
        }

        var isRead = _text[_at] switch
        {
            '{' => TryObject(out value),
            '[' or '(' => TryList(out value),
            _ => TryString(out value) || TryWord(out value),
        };
        _depth--;
        return isRead;
    }

    private bool TryObject(out JsonNode? value)
    {
        var result = new JsonObject();
        value = result;
        _at++;
        while (true)
        {
            Skip();
            if (Take("}"))
            {
                return true;
            }

            string? key = TryString(out var quoted) ? (string)quoted! : KeyBefore(':');
            Skip();
            Take(":");
            if (key is null || !TryValue(out var member))
            {
                return false;
            }

            result[key] = member;
            Skip();
            Take(",");
        }
    }

    private bool TryList(out JsonNode? value)
    {
        var result = new JsonArray();
        value = result;
        _at++;
        while (true)
        {
            Skip();
            if (Take("]") || Take(")"))
            {
                return true;
            }

            if (!TryValue(out var member))
            {
                return false;
            }

            result.Add(member);
            Skip();
            Take(",");
        }
    }

    private bool TryString(out JsonNode? value)
    {
        value = null;
        foreach (var quote in Quotes)
        {
            if (Take(quote))
            {
                var text = new StringBuilder();
                while (_at < _text.Length)
                {
                    if (Take(quote))
                    {
                        value = JsonValue.Create(text.ToString());
                        return true;
                    }

                    if (_text[_at] == '\\' && quote.Length == 1 && _at + 1 < _text.Length)
                    {
                        _at++;
                        text.Append(_text[_at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var character => character });
                    }
                    else
                    {
                        text.Append(_text[_at]);
                    }

                    _at++;
                }

                return false;
            }
        }

        return false;
    }

    // A number, a truth value, or a word without quotes.
    private bool TryWord(out JsonNode? value)
    {
        var length = _text.AsSpan(_at).IndexOfAny(",]})\n");
        value = null;
        if (length <= 0)
        {
            return false;
        }

        var word = _text.AsSpan(_at, length).Trim();
        _at += length;
        value = word switch
        {
            "true" or "True" => JsonValue.Create(true),
            "false" or "False" => JsonValue.Create(false),
            "null" or "None" => null,
            _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && word[0] != '+' => JsonValue.Create(whole),
            _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && word[0] != '+' => JsonValue.Create(number),
            _ => JsonValue.Create(word.ToString()),
        };
        return !word.IsEmpty;
    }

    private string? KeyBefore(char sign)
    {
        var end = _at;
        while (end < _text.Length && (char.IsLetterOrDigit(_text[end]) || _text[end] is '_' or '-' or '.'))
        {
            end++;
        }

        var next = end;
        while (next < _text.Length && char.IsWhiteSpace(_text[next]))
        {
            next++;
        }

        if (end == _at || next >= _text.Length || _text[next] != sign)
        {
            return null;
        }

        var key = _text[_at..end];
        _at = next + 1;
        return key;
    }

    private void Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private bool Take(string text)
    {
        if (!_text.AsSpan(_at).StartsWith(text, StringComparison.Ordinal))
        {
            return false;
        }

        _at += text.Length;
        return true;
    }
}
