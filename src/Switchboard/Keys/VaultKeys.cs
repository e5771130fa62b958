using System.Runtime.ExceptionServices;
using Azure;
using Microsoft.Extensions.Logging;
using Switchboard.Vault;

namespace Switchboard.Keys;

/// <summary>Brings the keys of a secret's versions to the key ring, as digests: a value is read once and then forgotten.</summary>
/// <param name="secret">The secret's name.</param>
/// <param name="ring">The keys that count.</param>
/// <param name="isRequired">Whether it is a fault that the secret holds no key.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells of rotations.</param>
internal sealed class VaultKeys(string secret, KeyRing ring, bool isRequired, TimeProvider time, ILogger<VaultKeys> logger) : VaultLoad(secret)
{
    // So many line numbers are told of a value that is something else altogether.
    private const int MaxLines = 20;

    private Dictionary<string, KeyDigest[]> _known = [];
    private HashSet<string> _faulty = [];
    private volatile bool _hasUnusableLines;
    private bool _isLoaded;

    /// <summary>Whether a version that counts has lines that are neither keys nor remarks.</summary>
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

    private async Task ReadNewAsync(VaultReader vault, IReadOnlyList<SecretVersion> versions, Dictionary<string, KeyDigest[]> known, CancellationToken cancellationToken)
    {
        RequestFailedException? denied = null;
        foreach (var version in versions.Where(version => !known.ContainsKey(version.Id)))
        {
            try
            {
                var value = await vault.ReadAsync(Secret, version, cancellationToken);
                known.Add(version.Id, KeyText.Read(value, out var unusable));
                if (unusable.Count > 0)
                {
                    _faulty.Add(version.Id);
                    var lines = string.Join(", ", unusable.Take(MaxLines)) + (unusable.Count > MaxLines ? " and more" : "");
                    AccessLog.UnusableLines(logger, Secret, version.Id, unusable.Count, lines);
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

    private void Publish(IReadOnlyList<SecretVersion> versions, Dictionary<string, KeyDigest[]> known)
    {
        AcceptedKey[] keys = [.. versions
            .Where(version => known.ContainsKey(version.Id))
            .SelectMany(version => known[version.Id], (version, key) => new AcceptedKey(key, version.From, version.Until))];
        ring.Load(keys);
        if (isRequired && !keys.Any(key => key.IsActive(time.GetUtcNow())))
        {
            AccessLog.NoActiveKey(logger, Secret);
        }

        var before = _known.Values.SelectMany(keys => keys).ToHashSet();
        var after = known.Values.SelectMany(keys => keys).ToHashSet();
        _known = known;
        _faulty = [.. _faulty.Where(known.ContainsKey)];
        _hasUnusableLines = _faulty.Count > 0;
        foreach (var key in after.Except(before))
        {
            AccessLog.KeyAdded(logger, key.Name, Secret);
        }

        foreach (var key in before.Except(after))
        {
            AccessLog.KeyRemoved(logger, key.Name, Secret);
        }
    }
}
