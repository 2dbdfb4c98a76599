// Checks a JSON value against the part of JSON Schema that reports/schema.json uses: type const enum required
// properties additionalProperties items minItems maxItems minLength maxLength minimum oneOf $ref ("#/$defs/...").
// An unknown keyword is a complaint too, so that the schema cannot outgrow the check in silence.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace crosstalk {

inline bool has_type(const nlohmann::json& value, const std::string& type) {
    if (type == "integer") return value.is_number_integer() || value.is_number_unsigned();
    if (type == "number") return value.is_number();
    if (type == "null") return value.is_null();
    return type == value.type_name();
}

// "" or what is wrong and where.
inline std::string schema_complaint(const nlohmann::json& root, const nlohmann::json& value,
                                    const nlohmann::json& schema, const std::string& where) {
    static const std::set<std::string> silent{"$schema", "title", "description", "$defs"};
    const auto down = [&](const nlohmann::json& inner, const nlohmann::json& under, const std::string& name) {
        return schema_complaint(root, inner, under, where + "/" + name);
    };
    for (const auto& [key, rule] : schema.items()) {
        std::string wrong;
        if (silent.contains(key)) continue;
        // As in JSON Schema, bounds say nothing about values of another type: `type` does.
        if (key == "minimum" && !value.is_number()) continue;
        if ((key == "minLength" || key == "maxLength") && !value.is_string()) continue;
        if ((key == "minItems" || key == "maxItems" || key == "items") && !value.is_array()) continue;
        if ((key == "properties" || key == "additionalProperties" || key == "required") && !value.is_object()) continue;
        if (key == "$ref")
            wrong = down(value, root.at(nlohmann::json::json_pointer(rule.get<std::string>().substr(1))), "");
        else if (key == "type") {
            const bool right = rule.is_array() ? std::any_of(rule.begin(), rule.end(),
                                                             [&](const auto& t) { return has_type(value, t); })
                                               : has_type(value, rule);
            if (!right) return where + ": is no " + rule.dump();
        } else if (key == "const")
            wrong = value == rule ? "" : where + ": is not " + rule.dump();
        else if (key == "enum")
            wrong = std::count(rule.begin(), rule.end(), value) > 0 ? "" : where + ": is none of " + rule.dump();
        else if (key == "required") {
            for (const auto& name : rule)
                if (!value.contains(name.get<std::string>())) wrong = where + ": lacks " + name.dump();
        } else if (key == "properties") {
            for (const auto& [name, inner] : value.items())
                if (wrong.empty() && rule.contains(name)) wrong = down(inner, rule[name], name);
            for (const auto& [name, inner] : value.items())
                if (wrong.empty() && !rule.contains(name)) wrong = where + ": \"" + name + "\" is not in the schema";
        } else if (key == "additionalProperties") {
            for (const auto& [name, inner] : value.items())
                if (wrong.empty()) wrong = down(inner, rule, name);
        } else if (key == "items") {
            for (std::size_t i = 0; i < value.size() && wrong.empty(); ++i)
                wrong = down(value[i], rule, std::to_string(i));
        } else if (key == "minItems")
            wrong = value.size() >= rule.get<std::size_t>() ? "" : where + ": too few";
        else if (key == "maxItems")
            wrong = value.size() <= rule.get<std::size_t>() ? "" : where + ": too many";
        else if (key == "minLength")
            wrong = value.get<std::string>().size() >= rule.get<std::size_t>() ? "" : where + ": too short";
        else if (key == "maxLength")
            wrong = value.get<std::string>().size() <= rule.get<std::size_t>() ? "" : where + ": too long";
        else if (key == "minimum")
            wrong = value.get<double>() >= rule.get<double>() ? "" : where + ": too small";
        else if (key == "oneOf") {
            std::string all;
            std::size_t fits = 0;
            for (const auto& one : rule) {
                const std::string complaint = down(value, one, "");
                fits += complaint.empty();
                all += complaint + "; ";
            }
            if (fits != 1) wrong = where + ": fits " + std::to_string(fits) + " forms: " + all;
        } else
            wrong = where + ": the check does not know the keyword " + key;
        if (!wrong.empty()) return wrong;
    }
    return "";
}

inline std::string schema_complaint(const nlohmann::json& schema, const nlohmann::json& value) {
    return schema_complaint(schema, value, schema, "");
}

}  // namespace crosstalk
