using System.Text.Json;
using Switchboard.Actions;
using Switchboard.Contract;

namespace Switchboard.Tests.Actions;

/// <summary>Which of a request's tools end or move the call, and what their properties are for.</summary>
public sealed class PlatformToolTests
{
    private const string Number = """{"type":"object","properties":{"number":{"type":"string"}},"required":["number"]}""";

    [Theory]
    [InlineData("endCall")]
    [InlineData("end_call")]
    [InlineData("end_call_tool")]
    [InlineData("EndCall")]
    [InlineData("endcall")]
    [InlineData("hangup")]
    [InlineData("_hang_up_call")]
    [InlineData("hangUp")]
    [InlineData("telnyx_hangup")]
    [InlineData("action_end_conversation")]
    [InlineData("terminate-call")]
    [InlineData("disconnect_call_2")]
    public void Of_NameOfAHangUp_IsOne(string name) => Assert.False(Assert.IsType<PlatformTool>(Of(name)).IsTransfer);

    [Theory]
    [InlineData("transferCall")]
    [InlineData("transfer_to_number")]
    [InlineData("_transfer_call")]
    [InlineData("transfer_call_sales")]
    [InlineData("transfer")]
    [InlineData("warmTransfer")]
    [InlineData("forward_call")]
    [InlineData("transfercall")]
    public void Of_NameOfATransfer_IsOne(string name)
    {
        Assert.Equal(["number"], Of(name, Number)!.NumberPaths);
        Assert.Empty(Of(name)!.NumberPaths);
    }

    [Theory]
    [InlineData("send_call_summary")]
    [InlineData("end_of_day_report")]
    [InlineData("lookup_room")]
    [InlineData("hang_picture")]
    [InlineData("schedule_call")]
    [InlineData("transfer_money")]
    [InlineData("get_call_transfer_status")]
    [InlineData("bank_transfer")]
    [InlineData("transfer_to_agent")]
    [InlineData("skip_turn")]
    [InlineData("dtmf")]
    [InlineData("")]
    [InlineData("___")]
    public void Of_AnyOtherTool_IsNone(string name) =>
        Assert.Null(Of(name, """{"type":"object","properties":{"agent_number":{"type":"integer"}},"required":["agent_number"]}"""));

    /// <summary>A schema, and where it takes the number.</summary>
    public static TheoryData<string, string[]> Places { get; } = new()
    {
        { """{"type":"object","properties":{"transfer_number":{"type":"string"},"client_message":{"type":"string"},"agent_message":{"type":"string"}}}""", ["transfer_number"] },
        { """{"type":"object","properties":{"target_phone_number":{"type":"string"},"caller_id_number":{"type":"string"}}}""", ["target_phone_number"] },
        { """{"type":"object","properties":{"line":{"type":"string","enum":["+14155550111"]}}}""", ["line"] },
        { """{"type":"object","properties":{"where":{"type":"string","description":"In E.164."}}}""", ["where"] },
        { """{"type":"object","properties":{"destination":{"anyOf":[{"type":"object","properties":{"sipUri":{"type":"string"}}},{"type":"object","properties":{"number":{"type":"string"}}}]}}}""", ["destination.sipUri", "destination.number"] },
        { """{"type":"object","properties":{"agent_number":{"type":"integer"}}}""", [] },
        { """{"type":"object","properties":{"reason":{"type":"string"}}}""", [] },
        { """{"type":"object","properties":{"destination":{"$ref":"#"}}}""", ["destination"] },
        { """{"properties":7}""", [] },
        { "{}", [] },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void NumberPaths_Schema_AreWhereANumberGoes(string schema, string[] places) => Assert.Equal(places, Of("transferCall", schema)!.NumberPaths);

    [Theory]
    [InlineData("reason", "Reason")]
    [InlineData("system__message_to_speak", "Line")]
    [InlineData("message", "Line")]
    [InlineData("client_message", "Line")]
    [InlineData("agent_message", "Note")]
    [InlineData("call_summary", "Note")]
    [InlineData("from_number", "ShownNumber")]
    [InlineData("number_of_guests", "Number")]
    [InlineData("department", "Unknown")]
    public void RoleOf_Name_IsWhatItHolds(string name, string role) => Assert.Equal(role, NameWords.RoleOf(name).ToString());

    [Theory]
    [InlineData("+14155550111", "+1 (415) 555-0111", true)]
    [InlineData("+14155550111", "tel:+14155550111", true)]
    [InlineData("+14155550111", "0014155550111", true)]
    [InlineData("+14155550111", "14155550111", true)]
    [InlineData("Sales", "sales", true)]
    [InlineData("+110", "110", false)]
    [InlineData("+14155550111", "+14155550111,,900555", false)]
    [InlineData("+14155550111", "+1415555011", false)]
    public void AreSame_TwoNumbers_IsWhetherTheSameIsDialled(string one, string other, bool areSame) => Assert.Equal(areSame, PhoneNumbers.AreSame(one, other));

    private static PlatformTool? Of(string name, string schema = """{"type":"object","properties":{}}""") => PlatformTool.Of(new ClientTool(name, null, JsonElement.Parse(schema), null));
}
