using System.Text.RegularExpressions;

namespace Switchboard.Common;

/// <summary>Looks with a pattern that may have no end, in a time that is bounded by the clock.</summary>
internal static class PatternTime
{
    /// <summary>
    /// Looks once more where the time was up: a machine that stands still for as long uses it up with any pattern, but not twice in a row, and
    /// a goodbye that is not heard is a call that nobody hangs up.
    /// </summary>
    /// <exception cref="RegexMatchTimeoutException">The time was up both times: it is the pattern.</exception>
    public static T Twice<T>(Func<T> look)
    {
        try
        {
            return look();
        }
        catch (RegexMatchTimeoutException)
        {
            return look();
        }
    }
}
