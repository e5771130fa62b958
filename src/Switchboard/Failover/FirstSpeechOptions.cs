using System.ComponentModel.DataAnnotations;

namespace Switchboard.Failover;

/// <summary>How long the caller may wait for the first word: <c>Models:n:FirstSpeech</c>.</summary>
public sealed class FirstSpeechOptions
{
    /// <summary>
    /// The time one attempt has to its first speakable text; headers and reasoning do not count. Then it is cancelled and the next
    /// upstream is asked. Default 00:00:02.500.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:02:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(2.5);

    /// <summary>After which time without speech the next upstream is asked beside the slow one; the first to speak wins. Default: never.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:02:00")]
    public TimeSpan? HedgeAfter { get; set; }
}
