using System.Collections.Concurrent;
using System.Globalization;
using Switchboard.Common;

namespace Switchboard.Http;

/// <summary>What keeps the settings that somebody has saved from being used, for who looks at the health of the app and not at its log. It names no setting: the log does.</summary>
internal sealed class SettingsHealth(TimeProvider time)
{
    private readonly ConcurrentDictionary<int, string> _warnings = new();

    public IEnumerable<string> Warnings() => _warnings.OrderBy(warning => warning.Key).Select(warning => warning.Value);

    /// <param name="id">The event of the log that says why.</param>
    /// <param name="what">What became of the settings.</param>
    /// <param name="version">What is used in their place.</param>
    public void Warn(int id, string what, string version) => _warnings[id] = string.Create(
        CultureInfo.InvariantCulture,
        $"settings: {what} since {time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}, log event {id} says why; version {LogText.Clean(version, LogText.MaxLength)} is in force");

    public void Forget(int id) => _warnings.TryRemove(id, out _);

    /// <summary>What is saved is in force.</summary>
    public void Clear() => _warnings.Clear();
}
