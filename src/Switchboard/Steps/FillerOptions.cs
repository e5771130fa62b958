using System.ComponentModel.DataAnnotations;

namespace Switchboard.Steps;

/// <summary>What is said while the answer is awaited: <c>Models:n:Filler</c>. Mind that a platform may have a filler of its own (IMS: <c>LlmPending</c>).</summary>
public sealed class FillerOptions
{
    /// <summary>How long the caller waits before a filler is said. Default: none is ever said.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:02:00")]
    public TimeSpan? After { get; set; }

    /// <summary>The phrases, taken in turn, so that a call does not hear the same one twice running.</summary>
    public IList<string> Text { get; } = [];
}
