using System.ComponentModel.DataAnnotations;
using Switchboard.Keys;

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

    /// <summary>
    /// Limits of their own for keys that have a name, by the name, which knows no letter case. All keys of one name share them. None by default.
    /// </summary>
    public IDictionary<string, KeyLimitsOptions> Keys { get; } = new Dictionary<string, KeyLimitsOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The longest silence in a stream before a comment keeps its connection alive. Default 00:00:15.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:03:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest a turn may take, from request to end. Default 00:02:00; below the 230 s after which Azure's front end cuts a response.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:03:45")]
    public TimeSpan TurnTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long answers that run may go on when the app is told to stop; then they end as after a stall. Default 00:00:20; in the Functions worker, which its host ends 5 s
    /// after it was told to, at most 4 s count.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>What attributes cannot say: whose limits there can be.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="names">The names of the keys in configuration that have limits.</param>
    /// <param name="hasVault">Whether there may be others in the vault.</param>
    internal static IEnumerable<string> Failures(LimitsOptions limits, IEnumerable<string> names, bool hasVault)
    {
        string[] known = [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
        foreach (var (name, key) in limits.Keys)
        {
            if (!KeyText.IsName(name))
            {
                yield return $"Limits:Keys:{name}: no key can have this name: {KeyText.NameRule}.";
            }
            else if (!hasVault && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"Limits:Keys:{name}: no key of Access:ApiKeys or Access:OperatorKeys has this name; "
                    + (known is [] ? "none has a name: write 'name: key'." : $"there are {string.Join(", ", known)}.");
            }

            if (key.RequestsPerMinute is < 0 or > 100_000)
            {
                yield return $"Limits:Keys:{name}:RequestsPerMinute: expected 0 to 100000.";
            }

            if (key.MaxConcurrentTurns is < 1 or > 100_000)
            {
                yield return $"Limits:Keys:{name}:MaxConcurrentTurns: expected 1 to 100000.";
            }
        }
    }
}

/// <summary>The limits of the keys of one name, all together: <c>Limits:Keys:&lt;name&gt;</c>.</summary>
public sealed class KeyLimitsOptions
{
    /// <summary>The most requests a minute, in the place of <see cref="LimitsOptions.RequestsPerMinute"/>; 0: no limit. Default: that one, for each key.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>The most turns answered at once, within <see cref="LimitsOptions.MaxConcurrentTurns"/>. Default: that one.</summary>
    public int? MaxConcurrentTurns { get; set; }
}
