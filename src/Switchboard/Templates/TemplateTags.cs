using System.Text.RegularExpressions;

namespace Switchboard.Templates;

/// <summary>The expressions of a template that is known to be good, for who moves its parts.</summary>
internal static partial class TemplateTags
{
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

    [GeneratedRegex(@"(?:(?<=^|\n)[ \t]*(?:\{\{~?!--.*?--~?\}\}|\{\{~?![^}]*\}\})[ \t]*\r?\n)|\{\{~?!--.*?--~?\}\}|\{\{~?![^}]*\}\}", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex CommentWithLine();
}
