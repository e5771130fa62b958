using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Switchboard.Hosting;

/// <summary>All settings as they were read at one time: those of the configuration and of <c>switchboard.json</c>, with the texts that they name.</summary>
internal sealed partial class LoadedSettings
{
    private readonly SettingsReader _reader;
    private readonly List<string> _failures;

    // Where the text of a setting came from, such as Models:1:Prompt from prompts/reception.md.
    private readonly Dictionary<string, string> _texts;
    private readonly HashSet<string> _named;
    private readonly HashSet<string> _unread;

    // The names of the settings that name their model by its id, by those with its index.
    private readonly Dictionary<string, string> _written;

    private readonly SettingsPlaces? _places;

    // What no reload changes, each setting with its value.
    private readonly List<KeyValuePair<string, string?>> _others;

    private LoadedSettings(Dictionary<string, string?> settings, Dictionary<string, string> written, Texts texts, List<string> failures, string? file, SettingsPlaces? places, LoadedSettings? started)
    {
        (_failures, _written, _places) = (failures, written, places);
        (_texts, _named, _unread) = (texts.Used, texts.Named, texts.Unread);
        File = file;
        _reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), path => places?.IsOfFile(path) is true);
        var values = _reader.Usable.AsEnumerable().Where(setting => setting.Value is not null).OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase).ToLookup(setting => IsOfModels(setting.Key));
        _others = [.. values[false]];
        List<KeyValuePair<string, string?>> used = [.. values[true], .. started?._others ?? _others];
        (Digest, Version) = (SettingsDigest.Of(used), SettingsDigest.VersionOf(used));
    }

    /// <summary>Where <c>switchboard.json</c> was read; null where there is none.</summary>
    public string? File { get; }

    /// <summary>Where it was looked for and is not; null where it was read, or there is no place for one.</summary>
    public string? Missing { get; private init; }

    /// <summary>The first digits of a digest over all settings that are no secrets, and over the texts that they name: two instances with the same version say the same.</summary>
    public string Version { get; }

    /// <summary>A digest over all that can be used, secrets among it: whether something has changed. It is never shown.</summary>
    public string Digest { get; }

    /// <summary>What is wrong so far, each failure with its key; with its value only where that cannot be a secret.</summary>
    public IEnumerable<string> Failures => _failures.Concat(_reader.Failures.Select(Placed));

    /// <summary>The settings that are written, and that nothing could be read of: by the name of another, or as a file that cannot be used. They are not missing.</summary>
    public IEnumerable<string> Unread => _unread.Concat(_reader.Meant);

    /// <summary>What is not wrong, ready for the binder.</summary>
    public IConfiguration Usable => _reader.Usable;

    /// <summary>The text of a setting, as it was written; null where there is none.</summary>
    public string? TextOf(string path) => _reader.TextOf(path);

    /// <summary>Whether somebody has written a setting, or one below its name.</summary>
    public bool IsGiven(string path) => _reader.IsGiven(path);

    /// <summary>The files that it was read from, or would have been if they were there, by their paths below the folder.</summary>
    public IEnumerable<string> Paths => [SettingsFolder.FileName, .. _named.Order(StringComparer.Ordinal)];

    /// <summary>Reads everything.</summary>
    /// <param name="layers">The sources.</param>
    /// <param name="folder">Where the file is; null for none.</param>
    /// <param name="started">What the app has started with; null at its start.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="OptionsValidationException">The file is none that could be read further.</exception>
    public static async ValueTask<LoadedSettings> ReadAsync(SettingsLayers layers, SettingsFolder? folder, LoadedSettings? started, CancellationToken cancellationToken)
    {
        var file = SettingsFile.Empty;
        var hasFile = false;
        try
        {
            if (folder is not null && await folder.TryReadTextAsync(SettingsFolder.FileName, SettingsFolder.MaxFileBytes, cancellationToken) is { } text)
            {
                file = SettingsFile.Parse(text);
                hasFile = true;
            }
        }
        catch (SettingsFileException failure)
        {
            // All else that could be told would follow from it.
            throw new OptionsValidationException("", typeof(SwitchboardOptions), [$"{folder!.FilePath}: {failure.Message}."]);
        }

        var failures = new List<string>();
        var written = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var settings = layers.With(file.Values, failures, written);
        var texts = await ReadTextsAsync(settings, folder, failures, cancellationToken);
        var places = hasFile ? layers.Places(file, written.Keys) : null;
        failures = [.. file.Failures, .. failures.Select(failure => places?.Placed(failure) ?? failure)];
        return new LoadedSettings(settings, written, texts, failures, hasFile ? folder!.FilePath : null, places, started) { Missing = hasFile ? null : folder?.FilePath };
    }

    /// <summary>The settings that are others than in <paramref name="started"/>, here and there, and that no reload changes.</summary>
    public IEnumerable<KeyValuePair<string, string?>> OthersThan(LoadedSettings started) => _others.Except(started._others).Concat(started._others.Except(_others));

    /// <summary>A failure that names the setting which a person has written: a text's own is the name of its file.</summary>
    public string Named(string failure)
    {
        var text = _texts.FirstOrDefault(text => failure.StartsWith($"{text.Key}:", StringComparison.OrdinalIgnoreCase));
        return text.Key is null ? failure : $"{text.Key}File: {text.Value}:{failure[(text.Key.Length + 1)..]}";
    }

    /// <summary>A failure with the place of the setting that it names, where there is a file and the failure names no place itself.</summary>
    public string Placed(string failure) => _places is null || _texts.Keys.Any(text => failure.StartsWith($"{text}File:", StringComparison.OrdinalIgnoreCase)) ? failure : _places.Placed(failure);

    /// <summary>A failure under the name that a person has written, where that names its model by its id: <c>Models:reception:Apolgy</c>.</summary>
    public string AsWritten(string failure)
    {
        var key = failure[..Math.Max(0, failure.IndexOf(": ", StringComparison.Ordinal))];
        return _written.TryGetValue(key, out var written) ? failure.Replace(ModelOf(key), ModelOf(written), StringComparison.OrdinalIgnoreCase) : failure;

        // Models:1:
        static string ModelOf(string path) => path[..(path.IndexOf(':', path.IndexOf(':') + 1) + 1)];
    }

    private static async ValueTask<Texts> ReadTextsAsync(
        Dictionary<string, string?> settings, SettingsFolder? folder, List<string> failures, CancellationToken cancellationToken)
    {
        var texts = new Texts(new(StringComparer.OrdinalIgnoreCase), new(StringComparer.Ordinal), new(StringComparer.OrdinalIgnoreCase));
        foreach (var (key, path) in settings.Where(setting => setting.Value is { Length: > 0 } && TextFile().IsMatch(setting.Key)).ToList())
        {
            var target = key[..^"File".Length];
            if (settings.GetValueOrDefault(target) is { Length: > 0 })
            {
                failures.Add($"{target}: {key} is set too; set only one of both.");
                continue;
            }

            if (string.IsNullOrWhiteSpace(path))
            {
                texts.Unread.Add(target);
                failures.Add($"{key}: expected the path of a file, found an empty text.");
                continue;
            }

            try
            {
                texts.Named.Add(SettingsFolder.Below(path));
                var text = folder is null
                    ? throw new SettingsFileException($"there is no {SettingsFolder.FileName} beside which it could stand")
                    : (await folder.ReadTextAsync(path, SettingsFolder.MaxTextBytes, cancellationToken)).TrimEnd();
                settings[target] = text.Length is 0 ? throw new SettingsFileException("it is empty")
                    : SecretText.HasKey(text) ? throw new SettingsFileException("it holds what looks like a key, and it is published with the app")
                    : text;
                texts.Used[target] = SettingsFolder.Below(path);
            }
            catch (SettingsFileException failure)
            {
                texts.Unread.Add(target);
                failures.Add($"{key}: {(SecretText.IsKey(path) ? SecretText.Mask : path.ReplaceLineEndings(" "))}: {failure.Message}{(failure.Message.EndsWith('?') ? "" : ".")}");
            }
        }

        return texts;
    }

    /// <summary>Whether a reload changes the setting of this path.</summary>
    public static bool IsOfModels(string key) => key.StartsWith($"{nameof(SwitchboardOptions.Models)}:", StringComparison.OrdinalIgnoreCase);

    private sealed record Texts(Dictionary<string, string> Used, HashSet<string> Named, HashSet<string> Unread);

    [GeneratedRegex(@"^Models:\d+:(PromptFile|Script:\d+:SayFile)$", RegexOptions.IgnoreCase)]
    private static partial Regex TextFile();
}
