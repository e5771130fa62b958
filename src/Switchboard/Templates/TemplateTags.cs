using System.Text.RegularExpressions;

namespace Switchboard.Templates;

/// <summary>
/// Finds in a template what its engine finds only when a call gets there: partials, of which there are none, and helpers that
/// don't exist. A branch that one call in a hundred takes must not fail then.
/// </summary>
internal static partial class TemplateTags
{
    private static readonly string[] Helpers = ["if", "unless", "each", "with", "lookup", "else"];

    public static string? Failure(string template)
    {
        // A comment leaves its line breaks, so that the lines are still those of the template.
        var code = Comment().Replace(template, comment => new string('\n', comment.Value.Count(character => character is '\n')));
        foreach (Match tag in Tag().Matches(code))
        {
            var place = $"line {code.AsSpan(0, tag.Index).Count('\n') + 1}: '{tag.Value}'";
            var body = Literal().Replace(tag.Groups["body"].Value, "''").Trim();
            if (body.StartsWith('>') || body.StartsWith("#>", StringComparison.Ordinal) || body.StartsWith("#*", StringComparison.Ordinal))
            {
                return $"{place}: there are no partials.";
            }

            if (Assigned().IsMatch(body))
            {
                return $"{place}: expected a name; write \\{{{{ for braces that are to stay.";
            }

            if (Called().Matches(body).FirstOrDefault(call => !Helpers.Contains(call.Groups["name"].Value)) is { } call)
            {
                return $"{place}: there is no helper '{call.Groups["name"].Value}'; there are {string.Join(", ", Helpers[..^1])}.";
            }
        }

        return null;
    }

    /// <summary>The template without its comments, and without the lines that were nothing else.</summary>
    public static string WithoutComments(string template) => CommentWithLine().Replace(template, "");

    /// <summary>What stands in its expressions and between them and their ends; <c>else</c> and the ends themselves are left out.</summary>
    public static IEnumerable<string> Bodies(string template) =>
        Tag().Matches(template).Select(tag => tag.Groups["body"].Value).Where(body => body.Trim() is not ("else" or "^") && !body.StartsWith('/'));

    /// <summary>How many blocks are open after a piece of a template.</summary>
    public static int OpenBlocks(string piece, int before) => Tag().Matches(piece).Select(tag => tag.Groups["body"].Value).Aggregate(before, (open, body) => body switch
    {
        ['#', ..] or ['^', not '~', ..] => open + 1,
        ['/', ..] => open - 1,
        _ => open,
    });

    [GeneratedRegex(@"(?<!\\)\{\{\{?~?(?<body>[^{}]*)~?\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{\{~?!--.*?--~?\}\}|\{\{~?![^}]*\}\}", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?:(?<=^|\n)[ \t]*(?:\{\{~?!--.*?--~?\}\}|\{\{~?![^}]*\}\})[ \t]*\r?\n)|\{\{~?!--.*?--~?\}\}|\{\{~?![^}]*\}\}", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex CommentWithLine();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'", RegexOptions.CultureInvariant)]
    private static partial Regex Literal();

    // Such as {{emotion=happy}}, which IMS understands and which would come out empty.
    [GeneratedRegex(@"^[^\s()]+=", RegexOptions.CultureInvariant)]
    private static partial Regex Assigned();

    // A name with something after it is a call; so is the first name in brackets.
    [GeneratedRegex(@"(?:^[\#^]?\s*|\(\s*)(?<name>[^\s()]+)\s+[^\s~]", RegexOptions.CultureInvariant)]
    private static partial Regex Called();
}
