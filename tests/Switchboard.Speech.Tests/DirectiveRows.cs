namespace Switchboard.Speech.Tests;

/// <summary>What the platform reads, and ordinary text that looks like a mark: both pass as they stand.</summary>
internal static class DirectiveRows
{
    public static TheoryData<string> Rows =>
    [
        "Goodbye. <imsagent_hangup endword=\"Bye, *take* care\"/>",
        "<imsagent_hangup endword=\"再见\"/>",
        "<imsagent_hangup/>",
        "<IMSAgent_Hangup endword='*a*'/>",
        "</imsagent_transfer_call callee=\"*2*\">",
        "<ims-agent_transfer_call callee=*2*>",
        "<imsagent_transfer_call caller=\"+49301\", callee=\"+49302\", err_msg=\"It's <busy>\", msg=\"One _moment_ **please**\"/>",
        "I'll connect you.<imsagent_transfer_call caller=\"1\", callee=\"2\", err_msg=\"\", msg=\"😀 https://example.com/a\"/>",
        "<No Interrupting>Please listen.",
        "<no interrupting> Please listen.",
        "<NO INTERRUPTING>Please listen.",
        "{{emotion=happy}}Hello there.",
        "{{emotion=sad}}<No Interrupting>Hello there.",
        "<No Interrupting>{{emotion=neutral}}Hello there.",
        "Hello.<flush />World",
        "Hello. <flush/> World",
    ];
}
