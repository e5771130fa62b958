using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Common;
using Switchboard.Http;
using Switchboard.Models;
using Switchboard.Steps;
using Switchboard.Vault;

namespace Switchboard.Hosting;

/// <summary>
/// Uses what has changed in <c>switchboard.json</c> and in the texts that it names, once the whole has passed the checks of the start: from the next turn on, while turns that run end with
/// what they have. It looks, and is not told: a look works with every editor, mount and storage account.
/// </summary>
internal sealed class SettingsReload(
    SettingsState state,
    ModelCatalog models,
    IOptions<SwitchboardOptions> started,
    IOptionsFactory<SwitchboardOptions> factory,
    IServiceProvider services,
    SettingsHealth health,
    TimeProvider time,
    ILogger<SettingsReload> logger) : BackgroundService
{
    /// <summary>From one look at the files of this machine to the next.</summary>
    public static readonly TimeSpan FileInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>A blob that has changed is looked at again after so long: what is uploaded one by one is then whole.</summary>
    public static readonly TimeSpan BlobSettling = TimeSpan.FromSeconds(2);

    private readonly SettingsFolder _folder = state.Folder!;
    private IReadOnlyCollection<string> _paths = [.. state.Loaded.Paths];
    private string? _used;
    private string? _seen;
    private (string Reason, string Stamp)? _refused;
    private List<KeyValuePair<string, string?>> _waiting = [];
    private List<(string Setting, string Reason)> _idle = [];
    private bool _isOut;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ids = string.Join(", ", models.Ids);
        SettingsLog.InUse(logger, state.Loaded.Version, state.Loaded.File, ids);
        if (state.HasOwnModels && state.Loaded.File is not null)
        {
            SettingsLog.OwnModels(logger, state.Loaded.File);
        }

        _idle = [.. IdleSettings.Warnings(started.Value, state.Loaded.IsGiven)];
        while (!stoppingToken.IsCancellationRequested)
        {
            var isSettling = _seen != _used && !_isOut;
            await Task.Delay(!state.HasBlob ? FileInterval : isSettling ? BlobSettling : state.Options.RefreshInterval, time, stoppingToken);
            try
            {
                await LookAsync(stoppingToken);
                if (_isOut)
                {
                    SettingsLog.Back(logger, _folder.FilePath);
                    health.Forget(704);
                    _isOut = false;
                }
            }
            catch (Exception outage) when (outage is SettingsOutageException or OperationCanceledException)
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                if (!_isOut)
                {
                    SettingsLog.Out(logger, _folder.FilePath, new FailureText(outage is SettingsOutageException ? outage.Message : "it could not be read in time"), state.Loaded.Version);
                    health.Warn(704, "they cannot be read", state.Loaded.Version);
                }

                _isOut = true;
            }
        }
    }

    // What changes twice between two looks is looked at once more: an editor may be in the middle of writing.
    private async Task LookAsync(CancellationToken stoppingToken)
    {
        using var timeout = new CancellationTokenSource(state.HasBlob ? SettingsState.BlobTimeout : SettingsState.FileTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, timeout.Token);
        var paths = _paths;
        var seen = await _folder.StampAsync(paths, either.Token);
        var isStill = seen == _seen;
        _seen = seen;
        if (isStill && seen != _used)
        {
            await ReadAsync(seen, either.Token);
            // Texts that are named only now were not looked at before they were read: once more, then.
            (_used, _seen) = paths.SequenceEqual(_paths) ? (seen, seen) : (_used, null);
        }
    }

    private async Task ReadAsync(string stamp, CancellationToken cancellationToken)
    {
        var (before, current) = (state.Loaded, state.Current);
        var isUsed = false;
        try
        {
            var loaded = await state.ReadAsync(cancellationToken);
            _paths = [.. loaded.Paths];
            if (loaded.File is null && before.File == _folder.FilePath)
            {
                Refuse($"there is no {_folder.FilePath} any more", stamp, before);
                return;
            }

            if (loaded.File is null && state.HasBlob)
            {
                // It has not come yet, as was told at the start.
                return;
            }

            // Also where the version is as it was: what cannot be read, a secret or an unknown name, is no part of it.
            if (loaded.Digest != before.Digest || _refused is not null || loaded.Failures.Any())
            {
                isUsed = await TryUseAsync(loaded, before, stamp, cancellationToken);
            }
            else
            {
                health.Clear();
                if (_used is not null && state.HasOwnModels && loaded.File is not null)
                {
                    // Somebody has saved it and waits for an effect.
                    SettingsLog.OwnModels(logger, loaded.File);
                }
            }

            TellOfOthers(loaded);
        }
        catch (OptionsValidationException wrong)
        {
            Refuse(Wrong([.. wrong.Failures]), stamp, before);
        }
        catch (Exception failure) when (failure is not (SettingsOutageException or OperationCanceledException))
        {
            // Whatever a responder's own constructor throws must not end the looking.
            Refuse($"the models could not be built: {FailureText.Describe(failure)}", stamp, before);
        }
        finally
        {
            // Also where it was broken off: else it would pass for what is in force.
            if (!isUsed)
            {
                (state.Loaded, state.Current) = (before, current);
            }
        }
    }

    private async Task<bool> TryUseAsync(LoadedSettings loaded, LoadedSettings before, string stamp, CancellationToken cancellationToken)
    {
        state.Loaded = loaded;
        var options = factory.Create(Options.DefaultName);
        if (loaded.Digest == before.Digest)
        {
            // What was wrong has been taken back.
            _refused = null;
            health.Clear();
            SettingsLog.TakenBack(logger, loaded.Version);
            return false;
        }

        if (options.HasVault && !started.Value.HasVault && options.Models.SelectMany(SecretsOf).FirstOrDefault() is { } secret)
        {
            Refuse($"a model needs the secret {secret}, and the Key Vault (Access:KeyVault) is there only after a restart", stamp, before);
            return false;
        }

        var set = models.Build(new ConfiguredModels([.. options.Models], loaded.Version));
        try
        {
            await PrepareAsync(options, cancellationToken);
        }
        catch
        {
            set.LetGo();
            throw;
        }

        models.Use(set);
        _refused = null;
        health.Clear();
        var ids = string.Join(", ", set.Ids);
        SettingsLog.Changed(logger, loaded.Version, before.Version, ids);
        TellOfIdle(options, loaded);
        return true;
    }

    // What the first turn would have to wait for otherwise.
    private async Task PrepareAsync(SwitchboardOptions options, CancellationToken cancellationToken)
    {
        if (options.Models.Any(model => model.History.MaxTokens is not null))
        {
            await TokenCount.WarmAsync().WaitAsync(cancellationToken);
        }

        state.Current = options;
        await OptionalServices.StartLateAsync((IEnumerable<IHostedService>)services.GetService(typeof(IEnumerable<IHostedService>))!, cancellationToken);
        if (services.GetService(typeof(VaultRefresh)) is VaultRefresh vault)
        {
            await vault.LoadNewAsync();
        }
    }

    private static IEnumerable<string> SecretsOf(ModelOptions model) => model.Upstreams.Select(upstream => upstream.ApiKeySecret)
        .Concat(model.Upstreams.SelectMany(upstream => upstream.Headers).Select(header => header.Secret))
        .Concat(model.Tools.Mcp.Select(server => server.ApiKeySecret))
        .Where(secret => secret is { Length: > 0 })
        .OfType<string>();

    private void Refuse(string reason, string stamp, LoadedSettings inForce)
    {
        // Once for each content, however often it is looked at: whoever has mended something and saves again waits for a word. A text that was named for the first time is only added to the stamp.
        if (_refused is not { } told || told.Reason != reason || told.Stamp.Split('\n').Except(stamp.Split('\n')).Any())
        {
            health.Warn(702, "the last change is refused", inForce.Version);
            SettingsLog.Refused(logger, new FailureText(reason is [.., '.' or '?'] ? reason : $"{reason}."), inForce.Version);
        }

        _refused = (reason, stamp);
    }

    // A line of the log has one end, so that several mistakes are counted.
    private static string Wrong(string[] failures) => "The settings are wrong: "
        + string.Join(' ', failures.Length == 1 ? failures : failures.Select((failure, index) => $"({(index + 1).ToString(CultureInfo.InvariantCulture)}) {failure}"));

    private void TellOfOthers(LoadedSettings loaded)
    {
        var others = loaded.OthersThan(state.Started).ToList();
        if (others.Count > 0 && !others.SequenceEqual(_waiting))
        {
            var sections = string.Join(", ", others.Select(setting => setting.Key.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal));
            SettingsLog.NeedsRestart(logger, sections);
        }

        _waiting = others;
    }

    // What the start would warn of, where it is new. Nothing of other sections: they are as they were.
    private void TellOfIdle(SwitchboardOptions options, LoadedSettings loaded)
    {
        var idle = IdleSettings.Warnings(options, loaded.IsGiven).ToList();
        foreach (var (setting, reason) in idle.Except(_idle).Where(idle => LoadedSettings.IsOfModels(idle.Setting)))
        {
            SettingsNotice.NoEffect(logger, setting, reason);
        }

        _idle = idle;
    }
}

/// <summary>What is told of the settings while the app runs. No line holds a value.</summary>
internal static partial class SettingsLog
{
    [LoggerMessage(EventId = 700, Level = LogLevel.Information, Message = "Settings: version {Version} of {File}; models {Models}")]
    public static partial void InUse(ILogger logger, LogText version, LogText file, LogText models);

    [LoggerMessage(EventId = 701, Level = LogLevel.Information, Message = "Settings changed: version {Version} from the next turn on, in the place of {Before}; models {Models}")]
    public static partial void Changed(ILogger logger, LogText version, LogText before, LogText models);

    [LoggerMessage(EventId = 702, Level = LogLevel.Error, Message = "Settings were not changed: {Reason} Version {Version} stays in force")]
    public static partial void Refused(ILogger logger, FailureText reason, LogText version);

    [LoggerMessage(EventId = 703, Level = LogLevel.Warning, Message = "Settings changed outside of Models: {Sections}; that takes a restart")]
    public static partial void NeedsRestart(ILogger logger, LogText sections);

    [LoggerMessage(EventId = 704, Level = LogLevel.Warning, Message = "Settings cannot be read from {File} now: {Reason}. Version {Version} stays in force")]
    public static partial void Out(ILogger logger, LogText file, FailureText reason, LogText version);

    [LoggerMessage(EventId = 705, Level = LogLevel.Information, Message = "Settings can be read from {File} again")]
    public static partial void Back(ILogger logger, LogText file);

    [LoggerMessage(EventId = 706, Level = LogLevel.Error, Message = "Settings of {File} are not used: {Reason}. The app starts with those that were published with it")]
    public static partial void Published(ILogger logger, LogText file, FailureText reason);

    [LoggerMessage(EventId = 707, Level = LogLevel.Information, Message = "The models of {File} are not used: the app settings or the environment list models of their own (Models:0:Id)")]
    public static partial void OwnModels(ILogger logger, LogText file);

    [LoggerMessage(EventId = 708, Level = LogLevel.Information, Message = "Settings are as before: what was wrong in them was taken back; version {Version}")]
    public static partial void TakenBack(ILogger logger, LogText version);
}
