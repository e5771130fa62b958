using System.Text;
using System.Text.RegularExpressions;

namespace Switchboard.Templates;

/// <summary>
/// Orders a prompt for the caches of models, which keep a beginning that many requests share: what is the same for all calls goes first, then
/// what changes with the call, then what changes from turn to turn. A prompt that has this order already stays as it is written.
/// </summary>
/// <remarks>
/// What moves is a part that makes sense by itself: a section under its heading, a paragraph with a list, a heading or markup in it, a line, or a
/// sentence of a line. https://platform.openai.com/docs/guides/prompt-caching says why.
/// </remarks>
internal static partial class PromptOrder
{
    /// <summary>Splits a template.</summary>
    /// <returns>What is the same for all calls, and all the rest; put together they are the prompt.</returns>
    public static (string Lasting, string Changing) Split(string template)
    {
        var parts = Parts(TemplateTags.WithoutComments(template));
        var changes = parts.ConvertAll(Changes);
        if (changes.SequenceEqual(changes.Order()))
        {
            var lasting = changes.TakeWhile(change => change is Change.Never).Count();
            return (string.Concat(parts.Take(lasting)), string.Concat(parts.Skip(lasting)));
        }

        var changing = string.Join("\n\n", new[] { Of(Change.ByCall), Of(Change.ByTurn) }.Where(part => part.Length > 0));
        return Of(Change.Never) is { Length: > 0 } first ? ($"{first}\n\n", changing) : ("", changing);

        string Of(Change change) => Join(parts.Select((part, index) => (part, changes[index] == change)));
    }

    // The parts that stay apart where one between them has gone keep the wider of the gaps.
    private static string Join(IEnumerable<(string Part, bool IsWanted)> parts)
    {
        var joined = new StringBuilder();
        var gap = "";
        foreach (var (part, isWanted) in parts)
        {
            var text = part.TrimEnd();
            var after = part[text.Length..];
            if (isWanted && text.Length > 0)
            {
                joined.Append(joined.Length > 0 ? gap : "").Append(text);
                gap = after;
            }
            else
            {
                gap = after.AsSpan().Count('\n') > gap.AsSpan().Count('\n') ? after : gap;
            }
        }

        return joined.ToString();
    }

    private static Change Changes(string part) => TemplateTags.Bodies(part).Select(body =>
        ByTurn().IsMatch(body) ? Change.ByTurn
        : body.Trim() is "timeZone" ? Change.Never
        : Change.ByCall).DefaultIfEmpty(Change.Never).Max();

    private static List<string> Parts(string template)
    {
        var parts = new List<string>();
        foreach (var part in Blocks(template).SelectMany(block => Changes(block) is Change.Never || Bound().IsMatch(block) ? [block] : WholeLines(block).SelectMany(Sentences)))
        {
            if (string.IsNullOrWhiteSpace(part) && parts.Count > 0)
            {
                parts[^1] += part;
            }
            else
            {
                parts.Add(part);
            }
        }

        return parts;
    }

    // Paragraphs with the blank lines behind them; a block of the template, an element, fenced text and a section are never cut.
    private static IEnumerable<string> Blocks(string template)
    {
        var block = new StringBuilder();
        var (open, element, isSection, endsBlock) = (0, (string?)null, false, false);
        foreach (var line in Lines(template))
        {
            var isBlank = string.IsNullOrWhiteSpace(line);
            var isHeading = open == 0 && element is null && Heading().IsMatch(line);
            if (block.Length > 0 && (isHeading || (endsBlock && !isBlank)))
            {
                yield return block.ToString();
                block.Clear();
            }

            isSection |= isHeading;
            element = element is null ? Opened(line) : line.Contains(element, StringComparison.Ordinal) ? null : element;
            open = TemplateTags.OpenBlocks(line, open);
            // What ends in a colon belongs to what follows.
            endsBlock = open == 0 && element is null && !isSection && (isBlank ? endsBlock || !EndsInColon(block) : false);
            block.Append(line);
        }

        if (block.Length > 0)
        {
            yield return block.ToString();
        }
    }

    private static bool EndsInColon(StringBuilder block) => block.ToString().TrimEnd() is { Length: > 0 } text && text[^1] is ':' or '：';

    // What ends the element or the fenced text that a line opens; null where it opens none, or ends it itself.
    private static string? Opened(string line)
    {
        var opened = Element().Match(line);
        var end = opened.Groups["name"] is { Success: true } name ? $"</{name.Value}>" : opened.Success ? "```" : null;
        return end is not null && !line[opened.Length..].Contains(end, StringComparison.Ordinal) ? end : null;
    }

    private static IEnumerable<string> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var at ? at + 1 : text.Length;
            yield return text[start..end];
            start = end;
        }
    }

    // Those that a block of the template holds together are one.
    private static IEnumerable<string> WholeLines(string text)
    {
        var whole = "";
        foreach (var line in Lines(text))
        {
            whole += line;
            if (TemplateTags.OpenBlocks(whole, before: 0) == 0)
            {
                yield return whole;
                whole = "";
            }
        }

        if (whole.Length > 0)
        {
            yield return whole;
        }
    }

    private static IEnumerable<string> Sentences(string line)
    {
        var start = 0;
        foreach (Match end in SentenceEnd().Matches(line))
        {
            var next = end.Index + end.Length;
            if (TemplateTags.OpenBlocks(line[..next], before: 0) == 0)
            {
                yield return line[start..next];
                start = next;
            }
        }

        if (start < line.Length)
        {
            yield return line[start..];
        }
    }

    private enum Change
    {
        Never,
        ByCall,
        ByTurn,
    }

    // The clock, the number of the turn, and the whole call, which has that number in it.
    [GeneratedRegex(@"(?<!\w)(localTime|localDate|weekday|sentenceId)(?!\w)|(?<![\w.])call(?![\w.])", RegexOptions.CultureInvariant)]
    private static partial Regex ByTurn();

    [GeneratedRegex(@"^#{1,6}\s", RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*(?:<(?<name>[A-Za-z][\w-]*)[^>]*(?<!/)>|```)", RegexOptions.CultureInvariant)]
    private static partial Regex Element();

    // Lists, headings, tables, quotes and markup: lines that mean something only together.
    [GeneratedRegex(@"^[ \t]*(?:[-*+•|>#<]|\d+[.)]|```)|[:：][ \t]*\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Bound();

    // Only where it is certain: no abbreviation has four small letters before its dot and a capital one behind it.
    [GeneratedRegex(@"(?:(?<=\p{Ll}{4}|\}\}|[)\d""”])[.!?]+[ \t]+(?=\p{Lu})|(?<=[。！？][」』”）]?)[ \t]*(?=[^\s」』”）]))", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();
}
