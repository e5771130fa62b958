namespace Switchboard.Templates;

/// <summary>An expression of a template.</summary>
/// <param name="Place">Its line and column, which count from 1.</param>
/// <param name="Text">All of it, with its braces.</param>
/// <param name="Mark">What stands before its first word: <c>#</c>, <c>^</c>, <c>/</c>, <c>&gt;</c>, or nothing.</param>
/// <param name="Words">Its words; what is in quotes or in brackets is one.</param>
/// <param name="Defect">What is wrong with it by itself.</param>
internal sealed record TemplateTag(string Place, string Text, string Mark, IReadOnlyList<string> Words, string? Defect)
{
    public bool IsElse => Mark.Length == 0 && Words.Count > 0 && Words[0] == "else" || (Mark == "^" && Words.Count == 0);

    public bool Opens => Mark is "#" or "^" && Words.Count > 0;

    public bool Closes => Mark == "/";

    public bool IsPartial => Mark is ">" or "#>" or "#*" or "*";

    /// <summary>The expressions of a template, as far as they can be read: one with a defect is the last.</summary>
    public static IEnumerable<TemplateTag> Of(string template)
    {
        for (var start = 0; (start = template.IndexOf("{{", start, StringComparison.Ordinal)) >= 0;)
        {
            if (start > 0 && template[start - 1] == '\\')
            {
                start += 2;
                continue;
            }

            var (end, defect) = End(template, start);
            var text = template[start..end];
            if (!text.TrimStart('{').TrimStart('~').StartsWith('!') || defect is not null)
            {
                yield return Read(PlaceOf(template, start), text, defect);
            }

            if (defect is not null)
            {
                yield break;
            }

            start = end;
        }
    }

    /// <summary>The words of an expression.</summary>
    public static IReadOnlyList<string> Split(string body)
    {
        var words = new List<string>();
        for (var at = 0; at < body.Length;)
        {
            if (char.IsWhiteSpace(body[at]))
            {
                at++;
                continue;
            }

            var (begin, depth) = (at, 0);
            for (; at < body.Length && (depth > 0 || !char.IsWhiteSpace(body[at])); at++)
            {
                if (body[at] is '"' or '\'')
                {
                    at = Math.Max(at, body.IndexOf(body[at], at + 1));
                }
                else if (body[at] == '[')
                {
                    at = Math.Max(at, body.IndexOf(']', at));
                }
                else
                {
                    depth += body[at] switch { '(' => 1, ')' => -1, _ => 0 };
                }
            }

            words.Add(body[begin..at]);
        }

        return words;
    }

    private static (int End, string? Defect) End(string template, int start)
    {
        var inner = template.AsSpan(start).TrimStart("{~");
        if (inner.StartsWith("!--"))
        {
            var close = template.IndexOf("--", template.IndexOf("!--", start, StringComparison.Ordinal) + 3, StringComparison.Ordinal);
            for (; close >= 0; close = template.IndexOf("--", close + 1, StringComparison.Ordinal))
            {
                var after = template.AsSpan(close + 2);
                if (after.StartsWith("}}") || after.StartsWith("~}}"))
                {
                    return (close + (after[0] == '~' ? 5 : 4), null);
                }
            }

            return (LineEnd(template, start), "the comment is not closed; expected --}} after it");
        }

        var braces = template.AsSpan(start).StartsWith("{{{") ? 3 : 2;
        var isComment = inner.StartsWith('!');
        for (var at = start + braces; at < template.Length; at++)
        {
            if (template.AsSpan(at).StartsWith(braces == 3 ? "}}}" : "}}"))
            {
                return (at + braces, null);
            }

            if (isComment)
            {
                continue;
            }

            if (template[at] is '"' or '\'')
            {
                var close = template.IndexOf(template[at], at + 1);
                if (close < 0)
                {
                    return (LineEnd(template, start), $"a text in quotes is not closed; expected {template[at]} after it");
                }

                at = close;
            }
            else if (template[at] is '{' or '}')
            {
                break;
            }
        }

        return (LineEnd(template, start), $"the braces are not closed; expected {(braces == 3 ? "}}}" : "}}")} after it");
    }

    private static TemplateTag Read(string place, string text, string? defect)
    {
        if (defect is not null)
        {
            return new TemplateTag(place, text, "", [], defect);
        }

        var body = text.Trim('{', '}').Trim('~').Trim();
        var mark = string.Concat(body.TakeWhile(character => character is '#' or '^' or '/' or '>' or '*' or '&'));
        var words = Split(body[mark.Length..]);
        var depth = words.Sum(word => word.Count(character => character == '(') - word.Count(character => character == ')'));
        return new TemplateTag(place, text, mark.Replace("&", "", StringComparison.Ordinal), words, depth == 0 || text.AsSpan().ContainsAny('"', '\'') ? null
            : depth > 0 ? "a bracket ( is not closed" : "a bracket ) was not opened");
    }

    private static int LineEnd(string template, int start) => template.IndexOfAny(['\r', '\n'], start) is >= 0 and var end ? end : template.Length;

    private static string PlaceOf(string template, int index)
    {
        var before = template.AsSpan(0, index);
        return $"line {before.Count('\n') + 1}, column {index - before.LastIndexOf('\n')}";
    }
}

/// <summary>A name of a template, taken apart.</summary>
/// <param name="Up">How many blocks it leaves.</param>
/// <param name="IsOwn">Whether it begins at the value of its block, and so is none that a block has given.</param>
/// <param name="Data">Its first name where that begins with <c>@</c>.</param>
/// <param name="Names">The other names.</param>
/// <param name="Defect">What is wrong with it, as the end of a sentence.</param>
internal sealed record TemplatePath(int Up, bool IsOwn, string? Data, IReadOnlyList<string> Names, string? Defect)
{
    public static TemplatePath Of(string word)
    {
        var (up, isOwn) = (0, false);
        // @../index is the same of the block around.
        var rest = word.StartsWith("@../", StringComparison.Ordinal) ? $"@{word.Replace("../", "", StringComparison.Ordinal)[1..]}" : word;
        while (Step(rest) is { } step)
        {
            (up, isOwn) = (up + (step[0] == '.' && step.StartsWith("..", StringComparison.Ordinal) ? 1 : 0), true);
            rest = rest[step.Length..];
        }

        string? data = null;
        string? defect = null;
        var names = new List<string>();
        for (var at = 0; at < rest.Length && defect is null;)
        {
            if (rest[at] is '.' or '/')
            {
                at++;
                defect = at == rest.Length ? $"ends in '{rest[^1]}'; expected a name behind it" : null;
                continue;
            }

            var isBracket = rest[at] == '[';
            var end = isBracket ? rest.IndexOf(']', at) : rest.AsSpan(at).IndexOfAny("./[") is >= 0 and var length ? at + length : rest.Length;
            end = end < 0 ? rest.Length : end;
            var name = rest[(isBracket ? at + 1 : at)..end];
            if (!isBracket && name.StartsWith('@') && data is null && names.Count == 0)
            {
                data = name;
            }
            else
            {
                names.Add(name);
            }

            at = isBracket ? end + 1 : end;
            // Not a[b], and not [a]b.
            if (at < rest.Length && rest[at] is not ('.' or '/'))
            {
                defect = isBracket ? "has something behind a bracket; expected a dot before it"
                    : rest.AsSpan(at + 1).IndexOf(']') is >= 0 and var close ? $"has no dot before the bracket; did you mean {rest[..at]}.[{rest.Substring(at + 1, close).Trim('"', '\'')}]?"
                    : "has a bracket that is not closed";
            }
        }

        return new TemplatePath(up, isOwn, data, names, defect);
    }

    /// <summary>It without the blocks that it leaves.</summary>
    public override string ToString() => string.Join('.', Data is null ? Names : [Data, .. Names]);

    // ../, ./, this. and this/, each also at the end.
    private static string? Step(string rest) => Array.Find(["../", "./", "this.", "this/"], step => rest.StartsWith(step, StringComparison.Ordinal))
        ?? (rest is ".." or "." or "this" ? rest : null);
}
