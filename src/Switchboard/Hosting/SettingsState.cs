using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Common;
using Switchboard.Http;
using Switchboard.Responders;

namespace Switchboard.Hosting;

/// <summary>The settings that are in force, and where they come from: the published <c>switchboard.json</c>, or a blob in its place.</summary>
internal sealed class SettingsState
{
    /// <summary>The longest that the start, or one look, waits for a blob.</summary>
    public static readonly TimeSpan BlobTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The longest that the start, or one look, waits for files of this machine.</summary>
    public static readonly TimeSpan FileTimeout = TimeSpan.FromSeconds(5);

    private readonly SettingsLayers _layers;
    private readonly IEnumerable<ResponderRegistration> _responders;

    public SettingsState(SettingsLayers layers, IEnumerable<ResponderRegistration> responders, SettingsHealth health, TimeProvider time, ILogger<SettingsState> logger)
    {
        _layers = layers;
        _responders = responders;
        Options = layers.Own();
        Folder = layers.Folder;
        if (Options.BlobUri is { } blob && SettingsOptions.IsUsable(blob))
        {
            Folder = Remote(Options);
            HasBlob = true;
            if (OfBlob(Folder, time, out var failure) is { } loaded)
            {
                Loaded = Started = loaded;
                return;
            }

            Loaded = Started = OfFiles(time);
            SettingsLog.Published(logger, Folder.FilePath, new FailureText(failure));
            health.Warn(706, "those of the blob are not used", Loaded.Version);
            return;
        }

        Loaded = Started = OfFiles(time);
    }

    /// <summary>Where the file is looked for while the app runs; null for nowhere.</summary>
    public SettingsFolder? Folder { get; }

    /// <summary>Whether that is a blob.</summary>
    public bool HasBlob { get; }

    /// <summary>How it is looked for.</summary>
    public SettingsOptions Options { get; }

    /// <summary>What the app has started with; what no reload changes is as it says.</summary>
    public LoadedSettings Started { get; }

    /// <summary>What is in force, or is being checked.</summary>
    public LoadedSettings Loaded { get; set; }

    /// <summary>What a change has brought; null where the start's options are still in force.</summary>
    public SwitchboardOptions? Current { get; set; }

    /// <summary>Whether the app settings list models, so that the file's are not used.</summary>
    public bool HasOwnModels => _layers.HasOwnModels;

    /// <summary>Reads everything anew.</summary>
    /// <exception cref="OptionsValidationException">The file is none that could be read further.</exception>
    /// <exception cref="SettingsOutageException">It cannot be read now.</exception>
    public ValueTask<LoadedSettings> ReadAsync(CancellationToken cancellationToken) => LoadedSettings.ReadAsync(_layers, Folder, Started, cancellationToken);

    /// <summary>What is wrong with settings, as the start tells it.</summary>
    private IEnumerable<string> Failures(LoadedSettings settings)
    {
        var options = new SwitchboardOptions();
        settings.Usable.Bind(options);
        return SettingsRules.Failures(settings, options, _responders);
    }

    // The options are read by constructors, which cannot wait otherwise. On a thread of the pool: whoever builds the app may have a context with few threads.
    private static T Wait<T>(Func<ValueTask<T>> read) => Task.Run(() => read().AsTask()).GetAwaiter().GetResult();

    // A method of its own, so that the assembly is loaded only where it is used.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static BlobSettingsFolder Remote(SettingsOptions options) => new BlobSettingsFolder(options);

    private LoadedSettings OfFiles(TimeProvider time)
    {
        try
        {
            using var timeout = new CancellationTokenSource(FileTimeout, time);
            return Wait(() => LoadedSettings.ReadAsync(_layers, _layers.Folder, null, timeout.Token));
        }
        catch (SettingsOutageException outage)
        {
            throw new OptionsValidationException("", typeof(SwitchboardOptions), [$"{outage.Message}."]);
        }
    }

    // A new instance must answer calls also while the storage is away or a mistake lies in it: then by what was published with it.
    private LoadedSettings? OfBlob(SettingsFolder blob, TimeProvider time, out string failure)
    {
        try
        {
            using var timeout = new CancellationTokenSource(BlobTimeout, time);
            var loaded = Wait(() => LoadedSettings.ReadAsync(_layers, blob, null, timeout.Token));
            string[] failures = [.. Failures(loaded)];
            if (loaded.File is not null && failures.Length == 0)
            {
                failure = "";
                return loaded;
            }

            failure = loaded.File is null ? "there is no such blob yet" : $"The settings are wrong: {string.Join(' ', failures)}";
        }
        catch (OptionsValidationException wrong)
        {
            failure = $"The settings are wrong: {string.Join(' ', wrong.Failures)}";
        }
        catch (SettingsOutageException outage)
        {
            failure = outage.Message;
        }

        return null;
    }
}
