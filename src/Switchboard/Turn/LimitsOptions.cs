using System.ComponentModel.DataAnnotations;

namespace Switchboard.Turn;

/// <summary>What one instance takes on: the section <c>Limits</c>.</summary>
public sealed class LimitsOptions
{
    /// <summary>
    /// The largest body, in bytes, counted unpacked. Default 8 MiB, room for the fifteen frames of a video agent of IMS; at most 16 MiB, since the
    /// Functions host fails above 30,000,000 bytes.
    /// </summary>
    [Range(1024L, 16L * 1024 * 1024)]
    public long MaxRequestBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The most messages in one request. Default 200.</summary>
    [Range(1, 10_000)]
    public int MaxMessages { get; set; } = 200;

    /// <summary>The most turns answered at once; one more is refused with 429. Default 200.</summary>
    [Range(1, 100_000)]
    public int MaxConcurrentTurns { get; set; } = 200;

    /// <summary>The most requests a minute with one key; one more is refused with 429. Default 0: no limit.</summary>
    [Range(0, 100_000)]
    public int RequestsPerMinute { get; set; }

    /// <summary>The longest silence in a stream before a comment keeps its connection alive. Default 00:00:15.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:03:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest a turn may take, from request to end. Default 00:02:00; below the 230 s after which Azure's front end cuts a response.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:03:45")]
    public TimeSpan TurnTimeout { get; set; } = TimeSpan.FromMinutes(2);
}
