// Which scene is played for which property, by which mechanisms: a step of a case of sockets that says nothing of the
// case's own. What the scenes are: mechanisms/scene.h.
#include "mechanisms/scene.h"
#include "properties/clauses/binds.h"
#include "properties/draw/channels.h"

namespace crosstalk::draw {
namespace {

struct Showing {
    PropertyId property;
    Scene scene;
    bool (*of)(const Mechanism&);
};
constexpr Showing showings[] = {
    {property("transfer"), Scene::no_destination, binds::udp},
    {property("transfer"), Scene::unconnected_shutdown, binds::udp},
    {property("transfer"), Scene::third_sender, binds::datagrams},
    {property("transfer"), Scene::full_queue, binds::datagram_pairs},
    {property("transfer"), Scene::several_messages, binds::record_scenes},
    {property("transfer"), Scene::peek_behind, binds::record_pairs},
    {property("peer-death"), Scene::closed_port, binds::udp},
    {property("creation"), Scene::changed_peer, binds::datagrams},
    {property("creation"), Scene::automatic_name, binds::socket_pairs},
    {property("descriptors"), Scene::several_ids, binds::socket_pairs},
    {property("descriptors"), Scene::many_in_flight, binds::socket_pairs},
    {property("descriptors"), Scene::lost_cycle, binds::socket_pairs},
    {property("descriptors"), Scene::kept_cycle, binds::socket_pairs},
    {property("interruption"), Scene::limited_restart, binds::acts},
};

constexpr std::int64_t most_ns = 10'000'000'000;  // that a scene takes, so that nobody thinks it asleep for good

}  // namespace

bool has_scenes(const Mechanism& mechanism, PropertyId property) {
    for (const Showing& each : showings)
        if (each.property == property && each.of(mechanism)) return binds::acts(mechanism);
    return false;
}

void enact(Mix& r, ActorId who) {
    std::vector<Scene> scenes;
    for (const Showing& each : showings)
        if (each.property == r.property && each.of(r.mechanism)) scenes.push_back(each.scene);
    if (scenes.empty()) return;
    Operation step;
    step.verb = Verb::enact;
    step.timeout_ns = most_ns;
    step.value = static_cast<std::int64_t>(scenes[r.dice.below(scenes.size())]);
    r.plain.add(who, step);
}

}  // namespace crosstalk::draw
