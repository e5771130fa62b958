using HandlebarsDotNet;
using Switchboard.Common;

namespace Switchboard.Templates;

/// <summary>
/// What is wrong with a template, in words and with its place. The engine's own messages have no place and name its classes, and much of it the engine finds only
/// when a call gets there: partials, of which there are none, and helpers that don't exist. A branch that one call in a hundred takes must not fail then.
/// </summary>
internal static class TemplateFailure
{
    private const int MaxQuoted = 60;

    private static readonly string[] Helpers = ["if", "unless", "each", "with", "lookup"];
    private static readonly string[] Blocks = ["if", "unless", "each", "with"];

    /// <summary>Null where there is none.</summary>
    /// <param name="template">The template.</param>
    /// <param name="values">What it can name.</param>
    /// <param name="fill">Compiles a template and fills it once.</param>
    public static string? Of(string template, TemplateValue values, Action<string> fill)
    {
        if (!template.Contains("{{", StringComparison.Ordinal))
        {
            return null;
        }

        List<TemplateTag> tags = [.. TemplateTag.Of(template)];
        return Unsound(tags) ?? Unknown(tags, values, fill) ?? (Throws(template, fill) ? "it cannot be read as a template." : null);
    }

    private static string? Unsound(List<TemplateTag> tags)
    {
        var open = new Stack<TemplateTag>();
        foreach (var tag in tags)
        {
            if ((tag.Defect ?? Structure(tag, open) ?? Calls(tag)) is { } failure)
            {
                return Told(tag, failure);
            }

            if (tag.Opens)
            {
                open.Push(tag);
            }
        }

        return open.TryPeek(out var left) ? Told(left, $"it is not closed; expected {{{{/{left.Words[0]}}}}} after it") : null;
    }

    private static string? Unknown(List<TemplateTag> tags, TemplateValue values, Action<string> fill)
    {
        var names = new TemplateNames(values);
        foreach (var tag in tags)
        {
            if ((names.Failure(tag) ?? Evaluated(tag, fill)) is { } failure)
            {
                return Told(tag, failure);
            }
        }

        return null;
    }

    private static string Told(TemplateTag tag, string failure) => $"{tag.Place}: '{Quoted(tag)}': {failure}{(failure.EndsWith('?') ? "" : ".")}";

    private static string? Structure(TemplateTag tag, Stack<TemplateTag> open)
    {
        if (tag.Closes)
        {
            return !open.TryPop(out var opened) ? "it closes nothing"
                : tag.Words.Count == 0 || opened.Words[0] != tag.Words[0] ? $"expected {{{{/{opened.Words[0]}}}}}, which closes '{Quoted(opened)}' of {opened.Place}"
                : null;
        }

        return tag.IsPartial ? "there are no partials"
            : tag.IsElse ? open.Count > 0 ? null : "it stands outside of a block such as {{#if x}}"
            : tag.Words.Count == 0 ? "it is empty; expected a name"
            : null;
    }

    private static string? Calls(TemplateTag tag)
    {
        if (tag.Closes || tag.IsElse)
        {
            // The engine takes these for a condition, and does not go into the value.
            return tag.IsElse && tag.Words.Skip(1).FirstOrDefault() is "each" or "with" ? $"expected {{{{else}}}} and a block of its own in it, such as {{{{#{tag.Words[1]} x}}}}"
                : tag is { IsElse: true, Words.Count: 2 } && Blocks.Contains(tag.Words[1]) ? $"{tag.Words[1]} wants a value to look at, such as {{{{else {tag.Words[1]} x}}}}"
                : null;
        }

        // Such as {{emotion=happy}}, which IMS understands and which would come out empty.
        return !tag.Opens && tag.Words[0].Contains('=', StringComparison.Ordinal) ? "expected a name; write \\{{ for braces that are to stay"
            : tag.Opens && Blocks.Contains(tag.Words[0]) && tag.Words.Count == 1 ? $"{tag.Words[0]} wants a value to look at, such as {{{{#{tag.Words[0]} x}}}}"
            : Call(tag.Words, isOuter: true);
    }

    // A name with something after it is a call; so is the first name in brackets.
    private static string? Call(IReadOnlyList<string> words, bool isOuter)
    {
        if (words.Count == 0)
        {
            return "brackets are empty";
        }

        if ((words.Count > 1 || !isOuter) && !Helpers.Contains(words[0]))
        {
            return $"there is no helper '{words[0]}'; there are {string.Join(", ", Helpers)}{(SettingText.Nearest(words[0], Helpers) is { } near ? $"; did you mean {near}?" : "")}";
        }

        return words[0] == "lookup" && words.Count < 3 ? "lookup wants two values, such as {{lookup userData \"name\"}}"
            : words.Skip(1).Where(word => word[0] == '(').Select(word => Call(TemplateTag.Split(word[1..^1]), isOuter: false)).FirstOrDefault(failure => failure is not null);
    }

    private static string? Evaluated(TemplateTag tag, Action<string> fill) => tag.Closes || tag.IsElse ? null
        : Throws(tag.Opens ? $"{tag.Text}{{{{/{tag.Words[0]}}}}}" : tag.Text, fill) ? "it cannot be evaluated" : null;

    private static bool Throws(string template, Action<string> fill)
    {
        try
        {
            fill(template);
            return false;
        }
        catch (Exception failure) when (failure is HandlebarsException or ArgumentException)
        {
            return true;
        }
    }

    private static string Quoted(TemplateTag tag) => LogText.Clean(tag.Text, MaxQuoted)!;
}
