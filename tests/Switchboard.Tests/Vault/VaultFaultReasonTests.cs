using Azure.Identity;
using Switchboard.Vault;

namespace Switchboard.Tests.Vault;

/// <summary>Failures that a stand-in cannot bring about on every machine.</summary>
public sealed class VaultFaultReasonTests
{
    public static TheoryData<string, string> Rows => new()
    {
        { "no identity", "assign a managed identity" },
        { "no token", "check that the managed identity is assigned" },
        { "no such name", "name is not known" },
        { "bad certificate", "certificate is not trusted" },
    };

    [Fact]
    public void From_FaultOfThisApp_DoesNotBlameTheVault()
    {
        Assert.True(VaultFailure.IsOfThisApp(new NotImplementedException()));
        Assert.Equal("this app failed to read it, and its log says where", VaultFailure.From(new NotImplementedException(), TimeProvider.System).Reason);
        Assert.False(VaultFailure.IsOfThisApp(new InvalidDataException()));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void From_Exception_TellsWhatToDoWithoutItsMessage(string row, string reason)
    {
        Exception failure = row switch
        {
            "no identity" => new CredentialUnavailableException("LEAK"),
            "no token" => new AuthenticationFailedException("LEAK"),
            "no such name" => new HttpRequestException(HttpRequestError.NameResolutionError, "LEAK"),
            _ => new HttpRequestException(HttpRequestError.SecureConnectionError, "LEAK"),
        };

        Assert.Contains(reason, VaultFailure.From(failure, TimeProvider.System).Reason, StringComparison.Ordinal);
        // The SDK throws one alone as it is, and several together.
        Assert.Contains(reason, VaultFailure.From(new AggregateException(new IOException("LEAK"), failure), TimeProvider.System).Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAK", VaultFailure.From(failure, TimeProvider.System).Reason, StringComparison.Ordinal);
    }
}
