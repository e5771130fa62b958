using System.ComponentModel.DataAnnotations;

namespace Switchboard.Responders;

/// <summary>What the responder <c>simulated</c> says: <c>Models:n:Simulated</c>.</summary>
public sealed class SimulatedOptions
{
    /// <summary>The text of every answer.</summary>
    [Required]
    public string Text { get; set; } =
        "This is a simulated AI assistant streaming response. In actual applications, a real AI model should be called here.";

    /// <summary>The time between two pieces, such as <c>00:00:00.050</c>. Default 0.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Delay { get; set; }
}
