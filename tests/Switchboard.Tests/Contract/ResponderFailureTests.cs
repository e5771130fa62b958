using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

public sealed class ResponderFailureTests
{
    [Theory]
    [InlineData(nameof(ResponderFailure.Empty), "scripted", false, "The responder scripted sent an empty answer.")]
    [InlineData(nameof(ResponderFailure.Malformed), "127.0.0.1:80", true, "The upstream 127.0.0.1:80 sent an answer that is not a completion.")]
    [InlineData(nameof(ResponderFailure.Silent), null, false, "The responder of this model said nothing in time.")]
    public void Message_OfAFailure_NamesWhoeverWasAsked(string failure, string? name, bool isUpstream, string expected) =>
        Assert.Equal(expected, new ResponderException(Enum.Parse<ResponderFailure>(failure), name is null ? null : new ResponderName(name, isUpstream)).Message);
}
