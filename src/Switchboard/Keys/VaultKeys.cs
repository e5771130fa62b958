using System.Runtime.ExceptionServices;
using Azure;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Vault;

namespace Switchboard.Keys;

/// <summary>Brings the keys of a secret's versions to the key ring, as digests: a value is read once and then forgotten.</summary>
/// <param name="secret">The secret's name.</param>
/// <param name="ring">The keys that count.</param>
/// <param name="isRequired">Whether it is an error that the secret holds no key.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells of rotations.</param>
/// <param name="loaded">Told each time that the keys were loaded; null when nobody wants to know.</param>
internal sealed partial class VaultKeys(string secret, KeyRing ring, bool isRequired, TimeProvider time, ILogger<VaultKeys> logger, Action? loaded = null) : VaultLoad(secret)
{
    // So many line numbers are told of a value that is something else altogether.
    private const int MaxLines = 20;

    private Dictionary<string, KnownKey[]> _known = [];
    private HashSet<string> _unusable = [];
    private volatile bool _hasUnusableLines;
    private bool _isLoaded;

    /// <summary>Whether a version that counts has lines that are neither keys nor comments.</summary>
    public bool HasUnusableLines => _hasUnusableLines;

    protected override bool HasLapsed => ring.HasLapsed;

    protected override async Task LoadAsync(VaultReader vault, CancellationToken cancellationToken)
    {
        var versions = await vault.ListAsync(Secret, cancellationToken);
        var known = versions.Where(version => _known.ContainsKey(version.Id)).ToDictionary(version => version.Id, version => _known[version.Id]);
        try
        {
            await ReadNewAsync(vault, versions, known, cancellationToken);
            _isLoaded = true;
        }
        finally
        {
            // The list holds even where a value could not be read: a disabled key must stop working.
            if (_isLoaded || known.Count > 0)
            {
                _isLoaded = true;
                Publish(versions, known);
            }
        }
    }

    private async Task ReadNewAsync(VaultReader vault, IReadOnlyList<SecretVersion> versions, Dictionary<string, KnownKey[]> known, CancellationToken cancellationToken)
    {
        RequestFailedException? denied = null;
        foreach (var version in versions.Where(version => !known.ContainsKey(version.Id)))
        {
            try
            {
                var value = await vault.ReadAsync(Secret, version, cancellationToken);
                var read = KeyText.Read(value);
                known.Add(version.Id, read.Keys);
                if (read.Unusable.Count > 0)
                {
                    _unusable.Add(version.Id);
                    var lines = Numbers(read.Unusable);
                    UnusableLines(logger, Secret, version.Id, read.Unusable.Count, lines);
                }

                if (read.Unnamed.Count > 0)
                {
                    var lines = Numbers(read.Unnamed);
                    UnnamedLines(logger, Secret, version.Id, lines);
                }
            }
            catch (RequestFailedException answer) when (answer.Status is 403 or 404)
            {
                // The vault's word on this version alone, such as one that was disabled since it was listed.
                denied = answer;
            }
        }

        if (denied is not null)
        {
            ExceptionDispatchInfo.Throw(denied);
        }
    }

    private void Publish(IReadOnlyList<SecretVersion> versions, Dictionary<string, KnownKey[]> known)
    {
        AcceptedKey[] keys = [.. versions
            .Where(version => known.ContainsKey(version.Id))
            .SelectMany(version => known[version.Id], (version, key) => new AcceptedKey(key.Digest, version.From, version.Until, key.Name))];
        var names = _known.Values.SelectMany(keys => keys).Where(key => key.Name is not null).DistinctBy(key => key.Digest).ToDictionary(key => key.Digest, key => key.Name);
        ring.Load(keys);
        if (isRequired && !keys.Any(key => key.IsActive(time.GetUtcNow())))
        {
            NoActiveKey(logger, Secret);
        }

        var before = _known.Values.SelectMany(keys => keys).Select(key => key.Digest).ToHashSet();
        var after = known.Values.SelectMany(keys => keys).Select(key => key.Digest).ToHashSet();
        _known = known;
        _unusable = [.. _unusable.Where(known.ContainsKey)];
        _hasUnusableLines = _unusable.Count > 0;
        foreach (var key in after.Except(before))
        {
            var label = new KnownKey(key, ring.NameOf(key)).FullLabel;
            KeyAdded(logger, label, Secret);
        }

        foreach (var key in before.Except(after))
        {
            var label = new KnownKey(key, names.GetValueOrDefault(key)).FullLabel;
            KeyRemoved(logger, label, Secret);
        }

        loaded?.Invoke();
    }

    private static string Numbers(IReadOnlyList<int> lines) => string.Join(", ", lines.Take(MaxLines)) + (lines.Count > MaxLines ? " and more" : "");

    // A key is called by its name and the first 8 hex digits of its digest; nothing that the vault said is repeated.
    [LoggerMessage(EventId = 303, Level = LogLevel.Information, Message = "API key {Key} is accepted from now on (secret {Secret})")]
    private static partial void KeyAdded(ILogger logger, LogText key, LogText secret);

    [LoggerMessage(EventId = 304, Level = LogLevel.Information, Message = "API key {Key} is no longer accepted (secret {Secret})")]
    private static partial void KeyRemoved(ILogger logger, LogText key, LogText secret);

    [LoggerMessage(EventId = 305, Level = LogLevel.Warning, Message =
        "Secret {Secret}, version {Version}: {Count} lines are not keys and are ignored (lines {Lines}); put one key on a line, alone or as 'name: key': " + KeyText.Rule + ". Lines that begin with # are comments")]
    private static partial void UnusableLines(ILogger logger, LogText secret, LogText version, int count, LogText lines);

    [LoggerMessage(EventId = 311, Level = LogLevel.Information, Message =
        "Secret {Secret}, version {Version}: the colon in lines {Lines} has no space after it and is a part of the key; to give a key a name, write 'name: key'")]
    private static partial void UnnamedLines(ILogger logger, LogText secret, LogText version, LogText lines);

    [LoggerMessage(EventId = 308, Level = LogLevel.Error, Message =
        "Secret {Secret} holds no valid key: no version is enabled, active and unexpired with a key in it. Only keys in configuration are accepted")]
    private static partial void NoActiveKey(ILogger logger, LogText secret);
}
