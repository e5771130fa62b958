using System.Text.RegularExpressions;
using Switchboard.Common;

namespace Switchboard.Contract;

/// <summary>
/// The <c>name</c> of a message. OpenAI refuses the whole request for one that has spaces or any of <c>&lt; | \ / &gt;</c>, or more
/// than 64 characters.
/// </summary>
internal static partial class ParticipantName
{
    private const int MaxLength = 64;

    /// <summary>The name without what is refused; null when nothing is left.</summary>
    public static string? Clean(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        var clean = Refused().Replace(name, "");
        return clean.Length == 0 ? null : TextCut.Cut(clean, MaxLength);
    }

    [GeneratedRegex(@"[\s<|\\/>]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Refused();
}
