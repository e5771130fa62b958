using Microsoft.Extensions.AI;

namespace Switchboard.Actions;

/// <summary>Puts the last words of a call together.</summary>
internal static class LastLines
{
    /// <summary>Both, one after the other; one of them where the other is in it.</summary>
    public static string Join(string? one, string? other)
    {
        var (first, second) = ((one ?? "").Trim(), (other ?? "").Trim());
        return second.Length == 0 || first.Contains(second, StringComparison.Ordinal) ? first
            : first.Length == 0 || second.Contains(first, StringComparison.Ordinal) ? second
            : $"{first} {second}";
    }

    /// <summary>What is said after <paramref name="text"/>, with a space between where there is none.</summary>
    public static string After(string text, string? line, bool endsOpen) =>
        line is not { Length: > 0 } ? text : endsOpen || (text.Length > 0 && !char.IsWhiteSpace(text[^1])) ? $"{text} {line}" : text + line;

    /// <summary>A text, where there is one, and what follows it.</summary>
    public static List<AIContent> WithText(string text, IEnumerable<AIContent> contents) => [.. text.Length > 0 ? new AIContent[] { new TextContent(text) } : [], .. contents];
}
