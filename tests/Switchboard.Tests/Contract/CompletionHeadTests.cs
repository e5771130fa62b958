using Microsoft.Extensions.Time.Testing;
using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

public sealed class CompletionHeadTests
{
    [Fact]
    public void Create_OnTheTurnOfASecond_HasOneTimeInIdAndCreated()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_999)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

        var head = CompletionHead.Create("demo", time);

        // The first 48 bits of a version 7 GUID are the time in milliseconds (RFC 9562, section 5.7).
        Assert.Equal(1_767_225_600_999, Convert.ToInt64(head.Id["chatcmpl-".Length..][..12], 16));
        Assert.Equal(1_767_225_600, head.Created);
    }
}
