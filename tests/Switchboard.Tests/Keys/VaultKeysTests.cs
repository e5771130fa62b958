using Switchboard.Keys;
using Switchboard.Vault;

namespace Switchboard.Tests.Keys;

public sealed class VaultKeysTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Load_VersionsOfEveryKind_AcceptsEnabledActiveUnexpiredOnly()
    {
        await using var rig = await VaultRig.CreateAsync();
        var now = rig.Time.GetUtcNow();
        rig.Vault.Put(
            Version("v1", "key-1-4f8b2d6a9c0e7315"),
            Version("v2", "key-2-4f8b2d6a9c0e7315"),
            Version("v3", "key-disabled-4f8b2d6a9c0e7315") with { Enabled = false },
            Version("v4", "key-expired-4f8b2d6a9c0e7315") with { Expires = now.AddSeconds(-1) },
            Version("v5", "key-later-4f8b2d6a9c0e7315") with { NotBefore = now.AddMinutes(1) });

        Assert.Equal(Interval, await rig.StartAsync());

        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-2-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("key-disabled-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("key-expired-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("key-later-4f8b2d6a9c0e7315"));
        Assert.Equal(3, rig.Vault.Reads);
    }

    [Fact]
    public async Task Load_ListOfSeveralPages_ReadsThemAll()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.PageSize = 2;
        rig.Vault.Put([.. Enumerable.Range(1, 5).Select(number => Version($"v{number}", $"key-{number}-4f8b2d6a9c0e7315"))]);

        await rig.StartAsync();

        Assert.All(Enumerable.Range(1, 5), number => Assert.Equal(KeyCheck.Accepted, rig.CheckOf($"key-{number}-4f8b2d6a9c0e7315")));
        Assert.Equal(2, rig.Vault.Requests.Count(request => request.Contains("skip=", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("key-1-4f8b2d6a9c0e7315\nkey-2-4f8b2d6a9c0e7315")]
    [InlineData("key-1-4f8b2d6a9c0e7315\r\nkey-2-4f8b2d6a9c0e7315\r\n")]
    [InlineData("\n  key-1-4f8b2d6a9c0e7315\t\r\n\r\n key-2-4f8b2d6a9c0e7315  ")]
    public async Task Load_SeveralKeysInOneValue_AcceptsEach(string value)
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", value));

        await rig.StartAsync();

        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-2-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf(""));
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf(value));
    }

    [Fact]
    public async Task Load_LineThatCannotBeAKey_DoesNotCountAndIsReportedWithoutItsText()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "# the old one\nkey-1-4f8b2d6a9c0e7315\nschlüssel-schlüssel-schlüssel\n\n{\ntwo words of many characters"));

        await rig.StartAsync();

        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("# the old one"));
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("schlüssel-schlüssel-schlüssel"));
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("{"));
        Assert.Contains("version v1: 3 lines are not keys and are ignored (lines 3, 5, 6)", rig.LogText, StringComparison.Ordinal);
        Assert.Contains("has lines that are not keys", Assert.Single(rig.Health.Warnings()), StringComparison.Ordinal);
        Assert.DoesNotContain("schlüssel", rig.LogText, StringComparison.Ordinal);
        Assert.DoesNotContain("old one", rig.LogText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "{\n  \"key\": \"8Q2v7LxTfW3s8Q2v7LxTfW3s\"\n}", 3)]
    [InlineData("\"Content-Type\":\"application/json\",", "{\n\"Content-Type\":\"application/json\",\n\"key\":1\n}", 4)]
    [InlineData("[\"8Q2v7LxTfW3s8Q2v7LxTfW3s\"]", "[\"8Q2v7LxTfW3s8Q2v7LxTfW3s\"]", 1)]
    [InlineData("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----", 3)]
    [InlineData("nineteen-characters", "nineteen-characters", 1)]
    [InlineData("#nineteen-characters-and-more", "#nineteen-characters-and-more", 0)]
    public async Task Load_ValueThatIsNoListOfKeys_LetsNobodyIn(string guess, string value, int lines)
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", value));

        await rig.StartAsync();

        Assert.Equal(KeyCheck.Rejected, rig.CheckOf(guess));
        Assert.All(value.Split('\n'), line => Assert.Equal(KeyCheck.Rejected, rig.CheckOf(line.Trim())));
        Assert.Contains("holds no valid key", rig.Health.Reason(), StringComparison.Ordinal);
        Assert.Equal(lines > 0, rig.LogText.Contains($"version v1: {lines} lines are not keys", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refresh_NothingChanged_ReadsNoValueAgain()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"), Version("v2", "key-2-4f8b2d6a9c0e7315"));
        await rig.StartAsync();

        await rig.NextAsync(Interval);

        Assert.Equal(2, rig.Vault.Lists);
        Assert.Equal(2, rig.Vault.Reads);
    }

    [Fact]
    public async Task Refresh_KeyAddedAndKeyDisabled_ChangesTheRingAndLogsDigestsOnly()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"));
        await rig.StartAsync();

        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315") with { Enabled = false }, Version("v2", "key-2-4f8b2d6a9c0e7315"));
        await rig.NextAsync(Interval);

        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-2-4f8b2d6a9c0e7315"));
        Assert.Contains($"API key {KeyDigest.Of("key-1-4f8b2d6a9c0e7315").Name} is no longer accepted", rig.LogText, StringComparison.Ordinal);
        Assert.Contains($"API key {KeyDigest.Of("key-2-4f8b2d6a9c0e7315").Name} is accepted from now on", rig.LogText, StringComparison.Ordinal);
        Assert.Equal(8, KeyDigest.Of("key-2-4f8b2d6a9c0e7315").Name.Length);
        Assert.DoesNotContain("key-1-4f8b2d6a9c0e7315", rig.LogText, StringComparison.Ordinal);
        Assert.DoesNotContain("key-2-4f8b2d6a9c0e7315", rig.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BetweenRefreshes_HonoursNotBeforeAndExpiry()
    {
        await using var rig = await VaultRig.CreateAsync();
        var now = rig.Time.GetUtcNow();
        rig.Vault.Put(
            Version("v1", "key-ending-4f8b2d6a9c0e7315") with { Expires = now.AddMinutes(1) },
            Version("v2", "key-coming-4f8b2d6a9c0e7315") with { NotBefore = now.AddMinutes(1) });
        await rig.StartAsync();
        Assert.Equal((KeyCheck.Accepted, KeyCheck.Rejected), (rig.CheckOf("key-ending-4f8b2d6a9c0e7315"), rig.CheckOf("key-coming-4f8b2d6a9c0e7315")));

        rig.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((KeyCheck.Rejected, KeyCheck.Accepted), (rig.CheckOf("key-ending-4f8b2d6a9c0e7315"), rig.CheckOf("key-coming-4f8b2d6a9c0e7315")));
        Assert.Equal(1, rig.Vault.Lists);
    }

    [Fact]
    public async Task Load_OneVersionDenied_StillBringsTheOthers()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"), Version("v2", "key-2-4f8b2d6a9c0e7315"));
        rig.Vault.Failure = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/v1", StringComparison.Ordinal))
            {
                await StandInVault.ErrorAsync(context, 403, "Forbidden");
                return true;
            }

            return false;
        };

        Assert.Equal(VaultRefresh.EarlyInterval, await rig.StartAsync());

        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-2-4f8b2d6a9c0e7315"));
        Assert.Null(rig.Health.Reason());
        Assert.Contains("never loaded in full: the key vault answered 403", Assert.Single(rig.Health.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_NewValueCannotBeRead_StillTakesTheDisabledKeyOut()
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315"), Version("v2", "key-2-4f8b2d6a9c0e7315"));
        await rig.StartAsync();

        rig.Vault.Put(Version("v1", "key-1-4f8b2d6a9c0e7315") with { Enabled = false }, Version("v2", "key-2-4f8b2d6a9c0e7315"), Version("v3", "key-3-4f8b2d6a9c0e7315"));
        rig.Vault.Failure = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/v3", StringComparison.Ordinal))
            {
                await StandInVault.ErrorAsync(context, 500, "InternalError");
                return true;
            }

            return false;
        };
        await rig.NextAsync(Interval);

        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Equal(KeyCheck.Accepted, rig.CheckOf("key-2-4f8b2d6a9c0e7315"));
    }

    [Theory]
    [InlineData("no versions")]
    [InlineData("all disabled")]
    [InlineData("no such secret")]
    [InlineData("a blank value")]
    public async Task Load_NoKeyThatCounts_LetsNobodyInAndSaysSo(string row)
    {
        await using var rig = await VaultRig.CreateAsync();
        rig.Vault.Put(row switch
        {
            "all disabled" => [Version("v1", "key-1-4f8b2d6a9c0e7315") with { Enabled = false }],
            "a blank value" => [Version("v1", " \r\n")],
            _ => [],
        });
        rig.Vault.Failure = row == "no such secret" ? NotFoundAsync : null;

        Assert.Equal(Interval, await rig.StartAsync());

        // The vault has spoken: the key is wrong, not unknown.
        Assert.Equal(KeyCheck.Rejected, rig.CheckOf("key-1-4f8b2d6a9c0e7315"));
        Assert.Contains("holds no valid key", rig.Health.Reason(), StringComparison.Ordinal);
        Assert.Contains("holds no valid key", rig.LogText, StringComparison.Ordinal);

        static async Task<bool> NotFoundAsync(Microsoft.AspNetCore.Http.HttpContext context)
        {
            await StandInVault.ErrorAsync(context, 404, "SecretNotFound");
            return true;
        }
    }

    [Fact]
    public async Task Check_KeysInConfigurationAndInTheVault_BothCount()
    {
        await using var rig = await VaultRig.CreateAsync("configured-key-4f8b2d6a9c0e7315");
        rig.Vault.Put(Version("v1", "vault-key-4f8b2d6a9c0e7315"));
        Assert.Equal((KeyCheck.Accepted, KeyCheck.Unavailable), (rig.CheckOf("configured-key-4f8b2d6a9c0e7315"), rig.CheckOf("vault-key-4f8b2d6a9c0e7315")));

        await rig.StartAsync();

        Assert.Equal((KeyCheck.Accepted, KeyCheck.Accepted), (rig.CheckOf("configured-key-4f8b2d6a9c0e7315"), rig.CheckOf("vault-key-4f8b2d6a9c0e7315")));
    }

    private static StandInVersion Version(string id, string value) => new(VaultRig.Secret, id, value);
}
