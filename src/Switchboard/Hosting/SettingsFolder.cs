using System.Text;
using Microsoft.Extensions.Configuration;
using Switchboard.Common;

namespace Switchboard.Hosting;

/// <summary>A place that holds <c>switchboard.json</c> and the texts that it names: a folder of this machine, or of a storage account.</summary>
internal abstract class SettingsFolder
{
    /// <summary>The name of the file with the settings.</summary>
    public const string FileName = "switchboard.json";

    /// <summary>The largest that the file may be.</summary>
    public const int MaxFileBytes = 1024 * 1024;

    /// <summary>The largest that a text may be: far above any prompt, which every turn pays for.</summary>
    public const int MaxTextBytes = 256 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where <c>switchboard.json</c> stands, for people.</summary>
    public abstract string FilePath { get; }

    /// <summary>Reads what is there now.</summary>
    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="SettingsFileException">It cannot be read; the message says why, and not where.</exception>
    protected abstract ValueTask<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken);

    /// <summary>What changes whenever one of the files does.</summary>
    /// <param name="paths">The files, as <see cref="ReadTextAsync"/> was asked for them.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public abstract ValueTask<string> StampAsync(IEnumerable<string> paths, CancellationToken cancellationToken);

    /// <summary>The names of the files that stand in the folder of a path, as far as they are quickly told.</summary>
    protected virtual ValueTask<IReadOnlyList<string>> NamesBesideAsync(string path, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    /// <summary>The text of a file: UTF-8, with line feeds alone.</summary>
    /// <param name="path">Its path from this folder on, as a settings file has it.</param>
    /// <param name="maxBytes">The largest that it may be.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SettingsFileException">There is no such file, or it cannot be used; the message says why, and not where.</exception>
    public async ValueTask<string> ReadTextAsync(string path, int maxBytes, CancellationToken cancellationToken) =>
        await TryReadTextAsync(path, maxBytes, cancellationToken) ?? throw new SettingsFileException($"there is no such file{(await NearToAsync(Below(path), cancellationToken) is { } near ? $"; did you mean {near}?" : "")}");

    /// <inheritdoc cref="ReadTextAsync"/>
    /// <returns>Null when there is no such file.</returns>
    public async ValueTask<string?> TryReadTextAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        var clean = Below(path);
        if (await ReadAsync(clean, maxBytes, cancellationToken) is not { } bytes)
        {
            return null;
        }

        try
        {
            return Strict.GetString(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes).ReplaceLineEndings("\n");
        }
        catch (DecoderFallbackException failure)
        {
            throw new SettingsFileException($"it is not UTF-8 (byte {failure.Index + 1}); save it in that encoding", failure);
        }
    }

    // One beside it with nearly the same name, whatever comes after the dot.
    private async ValueTask<string?> NearToAsync(string path, CancellationToken cancellationToken)
    {
        var folder = path[..(path.LastIndexOf('/') + 1)];
        var names = await NamesBesideAsync(path, cancellationToken);
        var near = SettingText.Nearest(Path.GetFileNameWithoutExtension(path), names.Select(name => Path.GetFileNameWithoutExtension(name)));
        return names.Where(name => near == Path.GetFileNameWithoutExtension(name)).OrderByDescending(name => Path.GetExtension(name).Equals(Path.GetExtension(path), StringComparison.OrdinalIgnoreCase))
            .Select(name => folder + name).FirstOrDefault();
    }

    /// <exception cref="SettingsFileException">The path leads out of the folder, or is none.</exception>
    public static string Below(string path)
    {
        var parts = path.Replace('\\', '/').Split('/');
        if (parts[0].Length == 0 || path.Contains(':', StringComparison.Ordinal) || parts.Contains("..", StringComparer.Ordinal) || parts[0] == "~")
        {
            throw new SettingsFileException($"expected a path below the folder of {FileName}, such as prompts/reception.md");
        }

        return parts.Any(part => part.Length == 0 || part.Any(char.IsControl)) || parts.All(part => part == ".")
            ? throw new SettingsFileException("expected the path of a file, such as prompts/reception.md")
            : string.Join('/', parts.Where(part => part != "."));
    }
}

/// <summary>A settings file, or a text that one names, that cannot be used; the message is for the person at the terminal, and quotes nothing of it.</summary>
internal sealed class SettingsFileException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The place of <c>switchboard.json</c> among the sources of a configuration: above those that are added before it, below those that come after. It has no values of
/// its own, since they change while the app runs and are checked as a whole first: see <see cref="SettingsLayers"/>.
/// </summary>
/// <param name="Folder">Where the file is.</param>
internal sealed record SettingsPlace(SettingsFolder Folder) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(Folder);

    internal sealed class Provider(SettingsFolder folder) : ConfigurationProvider
    {
        public SettingsFolder Folder => folder;
    }
}
