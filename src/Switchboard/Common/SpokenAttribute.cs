using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Switchboard.Common;

/// <summary>A text, or a list of texts, that callers hear as it stands. An empty text is as good as unset, since a source may unset so what one below it sets; in a list it would be a phrase.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class SpokenAttribute : ValidationAttribute
{
    /// <summary>What is wrong with a text that says nothing.</summary>
    public const string Blank = "expected something to say, found an empty text.";

    public override bool IsValid(object? value) => value is not string text || Failure(text) is null;

    /// <summary>Whether there is a text, and it says nothing.</summary>
    public static bool IsBlank(string? text) => text is { Length: > 0 } && string.IsNullOrWhiteSpace(text);

    /// <summary>What is wrong with a text; null for nothing.</summary>
    public static string? Failure(string text) =>
        IsBlank(text) ? Blank
        : Tag().Match(text) is { Success: true } tag ? $"this text is no template, so that {(tag.Length <= 40 ? tag.Value : "what stands in {{…}}")} would be spoken as it stands; only Prompt and Say are templates."
        : null;

    // With what names of values begin with; not what IMS has in braces, such as {{emotion=happy}}, nor braces around anything else.
    [GeneratedRegex(@"\{\{\{?\s*[#/^&~]?\s*[A-Za-z_@][^{}=\r\n]{0,100}\}\}\}?")]
    private static partial Regex Tag();
}
