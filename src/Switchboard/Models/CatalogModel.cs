using Microsoft.Extensions.AI;

namespace Switchboard.Models;

/// <summary>A configured model.</summary>
/// <param name="Id">Its id in the configuration.</param>
/// <param name="Responder">The name of its responder.</param>
/// <param name="Accept">What requests may ask of it.</param>
/// <param name="Client">What answers for it.</param>
internal sealed record CatalogModel(string Id, string Responder, AcceptOptions Accept, IChatClient Client);
